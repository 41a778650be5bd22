// What a registry wants to know, as `docker login` left it: in config.json, or with the helper that it names.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

type Variables = Readonly<Record<string, string | undefined>>;
type Credentials = Readonly<Record<string, string>>;

const configSchema = z.object({
  auths: z
    .record(z.string(), z.object({ auth: z.string().optional(), identitytoken: z.string().optional() }))
    .catch({}),
  credsStore: z.string().optional().catch(undefined),
  credHelpers: z.record(z.string(), z.string()).catch({}),
});

const helperSchema = z.object({ Username: z.string(), Secret: z.string() });
const helperTimeoutMs = 10_000;

/** The name under which Docker Hub is kept. */
const hub = 'https://index.docker.io/v1/';

/** undefined where nothing is kept for the registry: then it is asked without. */
export async function findCredentials(reference: string, variables: Variables): Promise<Credentials | undefined> {
  const registry = toRegistry(reference);
  const folder = variables.DOCKER_CONFIG || join(homedir(), '.docker');
  const text = await readFile(join(folder, 'config.json'), 'utf8').catch(() => '{}');
  const config = parseConfig(text);
  const helper = config?.credHelpers[registry] ?? config?.credsStore;
  if (helper) return askHelper(helper, registry, variables);
  const entry = config?.auths[registry] ?? config?.auths[`https://${registry}`];
  if (entry?.identitytoken) return { identitytoken: entry.identitytoken, serveraddress: registry };
  if (!entry?.auth) return undefined;
  const [username = '', ...password] = Buffer.from(entry.auth, 'base64').toString('utf8').split(':');
  return { username, password: password.join(':'), serveraddress: registry };
}

/** The first part of a name is a registry when it looks like a host. */
export function toRegistry(reference: string): string {
  const [first = '', ...rest] = reference.split('/');
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? first : hub;
}

function parseConfig(text: string): z.infer<typeof configSchema> | undefined {
  try {
    return configSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function askHelper(name: string, registry: string, variables: Variables): Promise<Credentials | undefined> {
  // The name comes from a file of the operator, and becomes the name of a program.
  if (!/^[A-Za-z0-9_-]+$/.test(name)) return undefined;
  const env = { ...process.env, ...variables };
  const asked = promisify(execFile)(`docker-credential-${name}`, ['get'], { env, timeout: helperTimeoutMs });
  asked.child.stdin?.end(registry);
  try {
    const { Username, Secret } = helperSchema.parse(JSON.parse((await asked).stdout));
    if (Username === '<token>') return { identitytoken: Secret, serveraddress: registry };
    return { username: Username, password: Secret, serveraddress: registry };
  } catch {
    return undefined;
  }
}
