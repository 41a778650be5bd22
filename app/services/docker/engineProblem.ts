import { GatehouseError } from '../../contract/index.ts';
import { type EngineAddress, type SshAddress, toDockerHost } from './address.ts';

/** An answer with a status from 400 on, as opposed to no answer at all. */
export class EngineRefusal extends Error {
  readonly status: number;
  /** In the engine's words. Untrusted text. */
  readonly reason: string;
  constructor(what: string, status: number, message: string) {
    super(`${what}: the engine answered ${status}: ${message}`);
    this.status = status;
    this.reason = message;
  }
}

/** `engine-unreachable` with its remedy, or an EngineRefusal when the engine did answer. */
export function toEngineProblem(address: EngineAddress, what: string, error: unknown): Error {
  if (error instanceof GatehouseError) return error;
  const failure = error as { statusCode?: number; code?: string; message?: string; json?: { message?: string } };
  if (typeof failure.statusCode === 'number') {
    return new EngineRefusal(what, failure.statusCode, String(failure.json?.message ?? failure.message ?? ''));
  }
  return new GatehouseError(
    {
      code: 'engine-unreachable',
      message: `The engine at ${toDockerHost(address)} does not answer: ${reasonOf(failure)}.`,
      remedy: remedyOf(failure, address),
    },
    { cause: error },
  );
}

function reasonOf(failure: { code?: string; message?: string }): string {
  const known: Record<string, string> = {
    ENOENT: 'there is no such socket',
    ECONNREFUSED: 'connection refused',
    EACCES: 'permission denied',
    ECONNRESET: 'the connection was reset',
    ENOTFOUND: 'the host name is not known',
  };
  return known[failure.code ?? ''] ?? failure.message ?? 'unknown reason';
}

function toSshCommand({ user, host, port }: SshAddress): string {
  const to = `${user === null ? '' : `${user}@`}${host}`;
  return `ssh ${port === null ? '' : `-p ${port} `}${to} docker version`;
}

function isCertificateFailure(code: string | undefined): boolean {
  return code !== undefined && /CERT|^ERR_(TLS|SSL)|^EPROTO$/.test(code);
}

function remedyOf(failure: { code?: string }, address: EngineAddress): string {
  if (failure.code === 'EACCES') {
    return 'Join the group docker (`sudo usermod -aG docker $USER`, then log in again), or use a rootless engine.';
  }
  if (failure.code === 'ssh-missing') return 'Install the ssh client of this machine (OpenSSH).';
  if (address.kind === 'ssh') {
    return `Try \`${toSshCommand(address)}\` in a terminal: ssh must get in without a question (key or agent, known host), and docker must be there and allowed.`;
  }
  if (isCertificateFailure(failure.code))
    return 'Check that the certificates in DOCKER_CERT_PATH belong to this engine.';
  if (address.kind === 'tcp') return 'Check that the host is up and that its engine listens on this port.';
  return 'Start Docker (`sudo systemctl start docker`, or Docker Desktop); the console connects again by itself.';
}
