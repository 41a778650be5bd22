// The version of the API that is spoken: the newest that both sides know, asked once a connection.
import { type Agent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { GatehouseError } from '../../contract/index.ts';
import { type EngineAddress, toDockerHost } from './address.ts';

/** What was tested: Docker 19.03 is 1.40, Debian 12's 20.10 is 1.41, Debian 13's 26.1 is 1.45, 27 is 1.47. */
const oldest = '1.40';
const newest = '1.47';

/** Pure. null: the engine does not say, and is spoken to without a version. Throws `engine-unsupported` for an older one. */
export function chooseApiVersion(offered: string | undefined, address: EngineAddress): string | null {
  if (offered === undefined || !/^\d{1,3}\.\d{1,3}$/.test(offered)) return null;
  if (compare(offered, oldest) < 0) {
    throw new GatehouseError({
      code: 'engine-unsupported',
      message: `The engine at ${toDockerHost(address)} speaks API ${offered}; ${oldest} (Docker 19.03) is the oldest that is understood.`,
      remedy: 'Update that engine.',
    });
  }
  return compare(offered, newest) < 0 ? offered : newest;
}

function compare(a: string, b: string): number {
  const [aMajor = 0, aMinor = 0] = a.split('.').map(Number);
  const [bMajor = 0, bMinor = 0] = b.split('.').map(Number);
  return aMajor - bMajor || aMinor - bMinor;
}

/** What a Host header over ssh says. */
export const sshName = { host: 'engine', port: 80 } as const;

/** What the engine offers. Rejects as Node does, when there is no answer. */
export function askApiVersion(address: EngineAddress, agent: Agent, timeoutMs: number): Promise<string | undefined> {
  const options: RequestOptions = { method: 'GET', path: '/_ping', agent, signal: AbortSignal.timeout(timeoutMs) };
  if (address.kind === 'socket') options.socketPath = address.path;
  if (address.kind === 'tcp') Object.assign(options, { host: address.host, port: address.port });
  // The agent knows the way, and keeps connections by these names.
  if (address.kind === 'ssh') Object.assign(options, sshName);
  const request = address.kind === 'tcp' && address.tls ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const answered = (answer: IncomingMessage) => {
      answer.on('error', reject).resume();
      answer.on('end', () => {
        const version = answer.headers['api-version'];
        resolve(typeof version === 'string' ? version : undefined);
      });
    };
    request(options, answered).on('error', reject).end();
  });
}
