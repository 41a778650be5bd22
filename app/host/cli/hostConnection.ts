// Finds a running host by its runtime file and speaks to it as a window does: one WebSocket, the contract's client.
import { WebSocket } from 'ws';
import { createClient, type GatehouseClient, problemOf } from '../../contract/index.ts';
import { findRunningHosts, type RunningHost, runtimeFolder } from '../runtimeFile.ts';
import { CommandError, EXIT, exitCodeOf } from './exitCodes.ts';
import { DEFAULT_PORT } from './options.ts';

export type Api = GatehouseClient['api'];

const CONNECT_TIMEOUT_MS = 5000;
const ANSWER_TIMEOUT_MS = 10_000;

/** The host that was meant; undefined when none runs. Throws when several run and none was named. */
export function findHost(port: number | undefined, hosts = findRunningHosts(runtimeFolder())): RunningHost | undefined {
  if (port !== undefined) {
    const host = hosts.find((candidate) => candidate.port === port);
    if (!host)
      throw new CommandError(EXIT.unreachable, `no Gatehouse of yours runs on port ${port}; ${runningPorts(hosts)}`);
    return host;
  }
  if (hosts.length <= 1) return hosts[0];
  const standard = hosts.find((candidate) => candidate.port === DEFAULT_PORT);
  if (standard) return standard;
  throw new CommandError(EXIT.wrongUse, `several Gatehouse hosts run; choose one with --port: ${runningPorts(hosts)}`);
}

function runningPorts(hosts: readonly RunningHost[]): string {
  if (hosts.length === 0) return 'start one with `gatehouse serve`';
  return `running: ${hosts.map(({ port }) => port).join(', ')}`;
}

export function getHost(port: number | undefined): RunningHost {
  const host = findHost(port);
  if (!host) throw new CommandError(EXIT.unreachable, 'no Gatehouse runs; start one with `gatehouse serve`');
  return host;
}

/** Connects, runs the action and closes. Failures become a CommandError with the exit code that belongs to them. */
export async function withHost<T>(host: RunningHost, action: (api: Api) => Promise<T>): Promise<T> {
  const opened = Promise.withResolvers<void>();
  const lost = Promise.withResolvers<never>();
  let isOpen = false;
  const client = createClient({
    url: `${host.url.replace('http:', 'ws:')}/api`,
    token: () => host.token,
    WebSocket: withOrigin(host.url),
    onOpen: () => {
      isOpen = true;
      opened.resolve();
    },
    // The client of a window would connect again; a command says what happened and ends.
    onClose: () => lost.reject(new CommandError(EXIT.unreachable, describeLoss(host, isOpen))),
  });
  const deadline = setTimeout(
    () => lost.reject(new CommandError(EXIT.unreachable, describeLoss(host, false))),
    CONNECT_TIMEOUT_MS,
  );
  try {
    await Promise.race([opened.promise, lost.promise]);
    clearTimeout(deadline);
    return await Promise.race([action(client.api), lost.promise]);
  } catch (error) {
    throw toCommandError(error, describeLoss(host, isOpen));
  } finally {
    clearTimeout(deadline);
    lost.promise.catch(() => undefined);
    await client.close().catch(() => undefined);
  }
}

function describeLoss(host: RunningHost, wasOpen: boolean): string {
  return wasOpen
    ? `the host at ${host.url} (pid ${host.pid}) closed the connection; see its log`
    : `the host at ${host.url} (pid ${host.pid}) does not answer; start one with \`gatehouse serve\``;
}

/** The host wants an Origin on every upgrade; what is no browser has to say one. */
function withOrigin(origin: string): typeof globalThis.WebSocket {
  return class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols ?? [], { origin });
    }
  } as unknown as typeof globalThis.WebSocket;
}

/** What the host says about a failure comes as a problem; a failure without one is the connection's. */
function toCommandError(error: unknown, loss: string): CommandError {
  if (error instanceof CommandError) return error;
  const isAnswer = (error as { data?: { problem?: unknown } } | null)?.data?.problem !== undefined;
  if (!isAnswer) return new CommandError(EXIT.unreachable, loss, { cause: error });
  const problem = problemOf(error);
  return new CommandError(exitCodeOf(problem.code), `${problem.message} ${problem.remedy}`, { cause: error });
}

interface Observer<T> {
  onData: (value: T) => void;
  onError: (error: unknown) => void;
}

/**
 * The first value of a subscription that `accept` takes. Where none comes in time the last one seen is the answer,
 * since it is the truth at that moment.
 */
export function firstValue<T>(
  subscribe: (observer: Observer<T>) => { unsubscribe(): void },
  { accept = () => true, withinMs = ANSWER_TIMEOUT_MS }: { accept?: (value: T) => boolean; withinMs?: number } = {},
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  let seen: { value: T } | undefined;
  const deadline = setTimeout(() => {
    if (seen) resolve(seen.value);
    else reject(new CommandError(EXIT.unreachable, `the host sent nothing within ${withinMs / 1000} s; see its log`));
  }, withinMs);
  const subscription = subscribe({
    onData: (value) => {
      seen = { value };
      if (accept(value)) resolve(value);
    },
    onError: reject,
  });
  return promise.finally(() => {
    clearTimeout(deadline);
    subscription.unsubscribe();
  });
}
