// Docker contexts as the docker CLI stores them: which one is chosen, which there are, and where each leads.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { GatehouseError } from '../../contract/index.ts';
import { type FoundAddress, parseEngineAddress } from './address.ts';
import type { Machine } from './machine.ts';
import { readTls } from './tlsFiles.ts';

const configSchema = z.object({ currentContext: z.string().optional() });
const metaSchema = z.object({
  Name: z.string().optional(),
  Endpoints: z.object({ docker: z.object({ Host: z.string().optional(), SkipTLSVerify: z.boolean().optional() }) }),
});

/** The CLI's own rule for names of contexts. */
const namePattern = /^[a-zA-Z0-9][a-zA-Z0-9_.+-]{0,127}$/;
const listLimit = 50;

export function configFolder(machine: Machine): string {
  return machine.env.DOCKER_CONFIG || join(machine.homeFolder, '.docker');
}

/** What DOCKER_CONTEXT or `docker context use` chose; undefined for the default one. */
export function findChosenContext(machine: Machine): string | undefined {
  const config = parseJson(configSchema, machine.readText(join(configFolder(machine), 'config.json')));
  const chosen = machine.env.DOCKER_CONTEXT || config?.currentContext;
  return chosen === 'default' ? undefined : chosen;
}

/** The names of all contexts but the default one, in order. What is no context of the CLI's is left out. */
export function listContexts(machine: Machine): string[] {
  const folder = join(configFolder(machine), 'contexts', 'meta');
  return machine
    .listFolder(folder)
    .flatMap((id) => {
      const name = parseJson(metaSchema, machine.readText(join(folder, id, 'meta.json')))?.Name;
      // A folder whose name is not that of its context would not be found by the CLI either.
      return name && namePattern.test(name) && toId(name) === id ? [name] : [];
    })
    .sort()
    .slice(0, listLimit);
}

/** Throws `engine-missing` when there is no such context, or when it leads nowhere. */
export function findContextAddress(machine: Machine, name: string): FoundAddress {
  const id = toId(name);
  const folder = join(configFolder(machine), 'contexts');
  const meta = parseJson(metaSchema, machine.readText(join(folder, 'meta', id, 'meta.json')));
  const host = meta?.Endpoints.docker.Host;
  if (!meta || !host) {
    throw new GatehouseError({
      code: 'engine-missing',
      message: `The docker context "${name.slice(0, 200)}" is chosen, but it is not in ${folder}.`,
      remedy: 'Run `docker context ls`, then `docker context use NAME` or unset DOCKER_CONTEXT.',
    });
  }
  const tls = readTls(machine, join(folder, 'tls', id, 'docker'), meta.Endpoints.docker.SkipTLSVerify !== true);
  const from = `context "${name}"`;
  return { address: parseEngineAddress(host, from, tls), from };
}

/** The CLI stores a context under the SHA-256 of its name. */
function toId(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}

function parseJson<T>(schema: z.ZodType<T>, text: string | undefined): T | undefined {
  if (text === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
