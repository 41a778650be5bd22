// Addresses of engines as the docker CLI writes them.
import { GatehouseError } from '../../contract/index.ts';

export interface TlsFiles {
  ca: string;
  cert: string;
  key: string;
  verify: boolean;
}

/** What `ssh` is told; the rest (keys, jumps, aliases) is in the user's own configuration of it. */
export interface SshAddress {
  kind: 'ssh';
  user: string | null;
  host: string;
  port: number | null;
  /** Of the engine on that host; null: where its docker CLI finds it. */
  socketPath: string | null;
}

export type EngineAddress =
  /** A unix socket, or a named pipe on Windows. */
  { kind: 'socket'; path: string } | { kind: 'tcp'; host: string; port: number; tls: TlsFiles | null } | SshAddress;

export interface FoundAddress {
  address: EngineAddress;
  /** What said so, for messages: `DOCKER_HOST`, `context "work"`, `default socket`. */
  from: string;
}

/**
 * `unix:///run/docker.sock`, `npipe:////./pipe/docker_engine`, `tcp://host:2375`, `ssh://user@host:22`. Throws
 * `engine-missing` for others.
 */
export function parseEngineAddress(value: string, from: string, tls: TlsFiles | null): EngineAddress {
  if (value.startsWith('unix://')) return { kind: 'socket', path: value.slice('unix://'.length) };
  if (value.startsWith('npipe://'))
    return { kind: 'socket', path: value.slice('npipe://'.length).replaceAll('/', '\\') };
  if (value.startsWith('ssh://')) return parseSshAddress(value, from);
  const url = parseUrl(value.includes('://') ? value : `tcp://${value}`);
  if (!url?.hostname || !['tcp:', 'http:', 'https:'].includes(url.protocol)) {
    throw new GatehouseError({
      code: 'engine-missing',
      message: `${from} is ${cut(value)}, which is no address of an engine.`,
      remedy: 'Write it as unix:///path, tcp://host:port, ssh://user@host or npipe:////./pipe/name.',
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

/** A name that begins with a dash would be read as an option by ssh. */
const sshHost = /^(?:[a-zA-Z0-9_][a-zA-Z0-9._-]*|\[[0-9a-fA-F:.]+\])$/;
const sshUser = /^[a-zA-Z0-9_][a-zA-Z0-9._@\\+-]*$/;

function parseSshAddress(value: string, from: string): SshAddress {
  const url = parseUrl(value);
  const refuse = (why: string): never => {
    throw new GatehouseError({
      code: 'engine-missing',
      message: `${from} is ${cut(value.replace(/(:\/\/[^:/?#]*:)[^@/]*@/, '$1…@'))}, ${why}.`,
      remedy: 'Write it as ssh://user@host, ssh://user@host:port or ssh://user@host/path/of/docker.sock.',
    });
  };
  if (!url || !sshHost.test(url.hostname)) return refuse('which is no address that ssh understands');
  if (url.password) return refuse('and a password in it would be seen by everybody; use a key or an agent');
  if (url.search || url.hash) return refuse('which says more than a host and a path');
  const user = url.username ? decodeURIComponent(url.username) : null;
  if (user !== null && !sshUser.test(user)) return refuse('whose user is no name');
  return {
    kind: 'ssh',
    user,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port ? Number(url.port) : null,
    socketPath: url.pathname.length > 1 ? decodeURIComponent(url.pathname) : null,
  };
}

/** The address as the docker CLI writes it, for `docker -H`. */
export function toDockerHost(address: EngineAddress): string {
  if (address.kind === 'tcp') return `tcp://${address.host}:${address.port}`;
  if (address.kind === 'socket') {
    return address.path.startsWith('\\') ? `npipe://${address.path.replaceAll('\\', '/')}` : `unix://${address.path}`;
  }
  const { user, host, port, socketPath } = address;
  const name = host.includes(':') ? `[${host}]` : host;
  return `ssh://${user === null ? '' : `${user}@`}${name}${port === null ? '' : `:${port}`}${socketPath ?? ''}`;
}

/** `this machine`, or the host's name. */
export function toPlace(address: EngineAddress): string {
  if (address.kind === 'socket') return 'this machine';
  // An alias of ssh may lead anywhere, `localhost` too.
  if (address.kind === 'ssh') return `${address.user === null ? '' : `${address.user}@`}${address.host}`;
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

function cut(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
