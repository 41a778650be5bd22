// One gateway process: polled once a second, its tap read while it lives. Says when it came and went.
import type { Breaker, GatewayStats, Problem, RouteTable } from '../../contract/index.ts';
import { createWake, wait } from '../stream/wait.ts';
import { type AdminClient, createAdminClient, type TapEvent } from './adminClient.ts';
import type { ReplicaAddress } from './gatewayPlace.ts';
import type { ReplicaReach } from './replicaReach.ts';

export interface ReplicaView {
  routes: RouteTable;
  breakers: Breaker[];
  stats: GatewayStats;
}

export interface Replica {
  readonly address: ReplicaAddress;
  readonly client: AdminClient;
  /** What it said last; undefined while it does not answer. */
  readonly view: ReplicaView | undefined;
  /** Why it does not answer; undefined while it does, or before the first answer. */
  readonly failure: string | undefined;
  /** Why it cannot be asked at all, where that is final. */
  readonly absence: Problem | undefined;
  /** Epoch ms of the last answer. */
  readonly lastSeenAt: number | null;
  close(): Promise<void>;
}

export interface ReplicaOptions {
  address: ReplicaAddress;
  /** The way to it, which it closes at its own end. */
  reach: ReplicaReach;
  now: () => number;
  /** After each poll, with or without an answer. */
  onPoll: () => void;
  onTap: (event: TapEvent) => void;
}

const pollEveryMs = 1000;
const backfill = 2000;

export function createReplica({ address, reach, now, onPoll, onTap }: ReplicaOptions): Replica {
  const closing = new AbortController();
  const client = createAdminClient(reach.route);
  const wake = createWake();
  let view: ReplicaView | undefined;
  let failure: string | undefined;
  let lastSeenAt: number | null = null;

  const poll = async () => {
    // A relay that is being opened is no gateway that does not answer.
    await reach.opened;
    while (!closing.signal.aborted) {
      try {
        const [routes, breakers, stats] = await Promise.all([client.routes(), client.breakers(), client.stats()]);
        view = { routes, breakers, stats };
        failure = undefined;
        lastSeenAt = now();
      } catch (error) {
        view = undefined;
        failure = reasonOf(error);
      }
      if (closing.signal.aborted) return;
      onPoll();
      await wake.next(closing.signal, pollEveryMs);
    }
  };

  const readTap = async () => {
    await reach.opened;
    while (!closing.signal.aborted) {
      try {
        await client.tap(backfill, onTap, closing.signal);
      } catch {
        // The poll says what is wrong.
      }
      if (closing.signal.aborted) return;
      // The stream's end is often the first sign of a stop: look now, not at the next full second.
      wake.notify();
      await wait(view ? 200 : pollEveryMs, closing.signal);
    }
  };

  const running = Promise.all([poll(), readTap()]);
  return {
    address,
    client,
    get view() {
      return view;
    },
    get failure() {
      return failure;
    },
    get absence() {
      return reach.absence;
    },
    get lastSeenAt() {
      return lastSeenAt;
    },
    async close() {
      closing.abort();
      client.close();
      await Promise.all([running, reach.close()]);
    },
  };
}

function reasonOf(error: unknown): string {
  const { code, name, message } = error as { code?: string; name?: string; message?: string };
  if (code === 'ENOENT') return 'its admin socket does not exist';
  if (code === 'ECONNREFUSED') return 'its admin socket refuses connections';
  if (name === 'TimeoutError' || name === 'AbortError') return 'it gave no answer in time';
  if (name === 'ZodError') return 'its answer is not understood (another version?)';
  return (message ?? 'unknown reason').slice(0, 200);
}
