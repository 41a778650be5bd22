// Where the Docker engine is, found in the order of the docker CLI: what `docker ps` reaches, Gatehouse reaches.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { GatehouseError } from '../../contract/index.ts';

export interface TlsFiles {
  ca: string;
  cert: string;
  key: string;
  verify: boolean;
}

export type EngineAddress =
  /** A unix socket, or a named pipe on Windows. */
  { kind: 'socket'; path: string } | { kind: 'tcp'; host: string; port: number; tls: TlsFiles | null };

export interface FoundAddress {
  address: EngineAddress;
  /** What said so, for messages: `DOCKER_HOST`, `context "work"`, `default socket`. */
  from: string;
}

/** What the search needs of the machine, so that it can be tested with a table. */
export interface Machine {
  env: Readonly<Record<string, string | undefined>>;
  homeFolder: string;
  platform: NodeJS.Platform;
  /** undefined when the file cannot be read. */
  readText(path: string): string | undefined;
  exists(path: string): boolean;
}

/** Throws `engine-missing` when nothing on this machine names an engine, or when it is named in a way that is not supported. */
export function findEngineAddress(machine: Machine): FoundAddress {
  const host = machine.env.DOCKER_HOST;
  if (host) return { address: parseEngineAddress(host, 'DOCKER_HOST', environmentTls(machine)), from: 'DOCKER_HOST' };

  const context = machine.env.DOCKER_CONTEXT || currentContext(machine);
  if (context && context !== 'default') return contextAddress(machine, context);

  const path = defaultSockets(machine).find((candidate) => machine.exists(candidate));
  if (path) return { address: { kind: 'socket', path }, from: 'default socket' };
  throw new GatehouseError({
    code: 'engine-missing',
    message: `No Docker engine was found: DOCKER_HOST is not set, no docker context is chosen, and there is no socket at ${defaultSockets(machine)[0]}.`,
    remedy: 'Start Docker, set DOCKER_HOST, or use the sandbox, which needs no Docker.',
  });
}

/** `unix:///run/docker.sock`, `npipe:////./pipe/docker_engine`, `tcp://host:2375`. Throws `engine-missing` for others. */
export function parseEngineAddress(value: string, from: string, tls: TlsFiles | null): EngineAddress {
  if (value.startsWith('unix://')) return { kind: 'socket', path: value.slice('unix://'.length) };
  if (value.startsWith('npipe://'))
    return { kind: 'socket', path: value.slice('npipe://'.length).replaceAll('/', '\\') };
  if (value.startsWith('ssh://')) {
    throw new GatehouseError({
      code: 'engine-missing',
      message: `${from} is ${cut(value)}; engines over ssh are not supported in this version.`,
      remedy:
        'Forward the socket (ssh -L /tmp/engine.sock:/var/run/docker.sock HOST) and set DOCKER_HOST=unix:///tmp/engine.sock.',
    });
  }
  const url = parseUrl(value.includes('://') ? value : `tcp://${value}`);
  if (!url?.hostname || !['tcp:', 'http:', 'https:'].includes(url.protocol)) {
    throw new GatehouseError({
      code: 'engine-missing',
      message: `${from} is ${cut(value)}, which is no address of an engine.`,
      remedy: 'Write it as unix:///path, tcp://host:port or npipe:////./pipe/name.',
    });
  }
  if (url.protocol === 'https:' && !tls) {
    throw new GatehouseError({
      code: 'engine-missing',
      message: `${from} is ${cut(value)}, and there are no certificates for it.`,
      remedy: 'Set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH to the folder that holds ca.pem, cert.pem and key.pem.',
    });
  }
  return { kind: 'tcp', host: url.hostname, port: Number(url.port || (tls ? 2376 : 2375)), tls };
}

/** The address as the docker CLI writes it, for `docker -H`. */
export function toDockerHost(address: EngineAddress): string {
  if (address.kind === 'tcp') return `tcp://${address.host}:${address.port}`;
  return address.path.startsWith('\\') ? `npipe://${address.path.replaceAll('\\', '/')}` : `unix://${address.path}`;
}

/** `this machine`, or the host's name. */
export function toPlace(address: EngineAddress): string {
  if (address.kind === 'socket') return 'this machine';
  return ['localhost', '127.0.0.1', '[::1]'].includes(address.host) ? 'this machine' : address.host;
}

/** On another machine, or perhaps on one: its files are not those of this machine. */
export function isRemote(address: EngineAddress): boolean {
  return toPlace(address) !== 'this machine';
}

function parseUrl(value: string): URL | undefined {
  // tcp: is no special scheme for WHATWG URLs, but host and port are parsed all the same.
  return URL.canParse(value) ? new URL(value) : undefined;
}

const configSchema = z.object({ currentContext: z.string().optional() });
const metaSchema = z.object({
  Endpoints: z.object({ docker: z.object({ Host: z.string().optional(), SkipTLSVerify: z.boolean().optional() }) }),
});

function parseJson<T>(schema: z.ZodType<T>, text: string | undefined): T | undefined {
  if (text === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function configFolder(machine: Machine): string {
  return machine.env.DOCKER_CONFIG || join(machine.homeFolder, '.docker');
}

function currentContext(machine: Machine): string | undefined {
  return parseJson(configSchema, machine.readText(join(configFolder(machine), 'config.json')))?.currentContext;
}

function contextAddress(machine: Machine, name: string): FoundAddress {
  // The CLI stores a context under the SHA-256 of its name.
  const id = createHash('sha256').update(name).digest('hex');
  const folder = join(configFolder(machine), 'contexts');
  const meta = parseJson(metaSchema, machine.readText(join(folder, 'meta', id, 'meta.json')));
  const host = meta?.Endpoints.docker.Host;
  if (!meta || !host) {
    throw new GatehouseError({
      code: 'engine-missing',
      message: `The docker context "${cut(name)}" is chosen, but it is not in ${folder}.`,
      remedy: 'Run `docker context ls`, then `docker context use NAME` or unset DOCKER_CONTEXT.',
    });
  }
  const tls = readTls(machine, join(folder, 'tls', id, 'docker'), meta.Endpoints.docker.SkipTLSVerify !== true);
  const from = `context "${cut(name)}"`;
  return { address: parseEngineAddress(host, from, tls), from };
}

function environmentTls(machine: Machine): TlsFiles | null {
  // As the docker CLI: any non-empty DOCKER_TLS_VERIFY verifies; DOCKER_TLS alone encrypts without verifying.
  const verify = Boolean(machine.env.DOCKER_TLS_VERIFY);
  if (!verify && !machine.env.DOCKER_TLS) return null;
  if (!/^(tcp|https):/.test(machine.env.DOCKER_HOST ?? '')) return null;
  const folder = machine.env.DOCKER_CERT_PATH || configFolder(machine);
  const tls = readTls(machine, folder, verify);
  if (tls) return tls;
  // Going on without would send everything in plain text, against what was asked for.
  throw new GatehouseError({
    code: 'engine-missing',
    message: `TLS is asked for (DOCKER_TLS_VERIFY or DOCKER_TLS), but ca.pem, cert.pem and key.pem are not all in ${folder}.`,
    remedy: 'Set DOCKER_CERT_PATH to the folder that holds them.',
  });
}

function readTls(machine: Machine, folder: string, verify: boolean): TlsFiles | null {
  const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) => machine.readText(join(folder, name)));
  return ca && cert && key ? { ca, cert, key, verify } : null;
}

function defaultSockets(machine: Machine): string[] {
  if (machine.platform === 'win32') return ['\\\\.\\pipe\\docker_engine'];
  const runtime = machine.env.XDG_RUNTIME_DIR;
  return [
    '/var/run/docker.sock',
    ...(runtime ? [join(runtime, 'docker.sock')] : []),
    join(machine.homeFolder, '.docker', 'run', 'docker.sock'),
    join(machine.homeFolder, '.docker', 'desktop', 'docker.sock'),
    join(machine.homeFolder, '.colima', 'default', 'docker.sock'),
  ];
}

function cut(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
