// Breakers, replicas and limits of every replica of a gateway, taken in hand on all of them or on none.
import type { Breaker, GatewayChange, GatewayLimits, LimitPolicyView, Upstream } from '../../contract/index.ts';
import {
  type BreakerName,
  drainReplica,
  type Hold,
  holdBreaker,
  type ReplicaName,
  readLimits,
  readUpstreams,
  releaseBreaker,
  resetBreaker,
  resetLimit,
  takeReplicaBack,
} from './adminCalls.ts';
import { changeReplicas } from './changeReplicas.ts';
import { type GatewaySource, type LiveReplica, reached } from './gatewaySource.ts';

type Source = Pick<GatewaySource, 'live' | 'all'>;

/** Epoch ms. */
interface Moment {
  readonly now: number;
}

interface Held {
  /** Before the change. undefined: nobody held it. */
  readonly before: Omit<Hold, 'reason'> | undefined;
}

export function forceBreaker(
  source: Source,
  name: BreakerName,
  { now, ...hold }: Hold & Moment,
): Promise<GatewayChange> {
  return changeReplicas<Held>(source.all(), {
    what: `the hold of ${sayBreaker(name)}`,
    apply: async (replica) => {
      const before = await readHold(replica, name, now);
      await holdBreaker(replica.client, name, hold);
      return { before };
    },
    // Holding it once more as it was wished is no other state.
    hasTaken: async ({ client }) => {
      await holdBreaker(client, name, hold);
      return true;
    },
    // As it was held before, for as long as that had left; else not at all.
    async undo({ client, breakers }, { before } = { before: findHold(breakers, name, now) }) {
      if (before) await holdBreaker(client, name, { ...before, reason: 'put back' });
      else await releaseBreaker(client, name);
    },
  });
}

/** Asked of the replica itself: what the console last saw may be older than a hold or its end. */
const readHold = async ({ client }: LiveReplica, name: BreakerName, now: number) =>
  findHold(await client.breakers(), name, now);

/** Pure. undefined: nobody held it. */
export function findHold(
  breakers: readonly Breaker[],
  name: BreakerName,
  now: number,
): Omit<Hold, 'reason'> | undefined {
  const own = breakers.find(({ upstream }) => upstream === name.upstream);
  const one = name.replica === undefined ? own : own?.replicas?.find(({ replica }) => replica === name.replica);
  const until = one?.forcedUntil ?? null;
  if (!one || until === null || until <= now || one.state === 'half-open') return undefined;
  return { state: one.state, forMs: until - now };
}

/** Nothing that was forgotten comes back: where one replica does not take it, the others keep it, and that is said. */
export function clearBreaker(
  source: Source,
  name: BreakerName,
  { reason, now }: Pick<Hold, 'reason'> & Moment,
): Promise<GatewayChange> {
  return changeReplicas<Held>(source.all(), {
    what: `the reset of ${sayBreaker(name)}`,
    apply: async (replica) => {
      const before = await readHold(replica, name, now);
      await resetBreaker(replica.client, name, reason);
      return { before };
    },
    hasTaken: async ({ client }) => {
      await resetBreaker(client, name, reason);
      return true;
    },
    async undo({ client, breakers }, { before } = { before: findHold(breakers, name, now) }) {
      if (!before) throw new Error('a reset cannot be taken back');
      await holdBreaker(client, name, { ...before, reason: 'put back' });
    },
  });
}

function sayBreaker({ upstream, replica }: BreakerName): string {
  return replica === undefined ? `the breaker of ${upstream}` : `the breaker of ${replica} of ${upstream}`;
}

/** `forMs` null: it is taken back. */
export function drain(
  source: Source,
  name: ReplicaName,
  { forMs, reason }: { forMs: number | null; reason: string },
): Promise<GatewayChange> {
  const put = ({ client }: LiveReplica) =>
    forMs === null ? takeReplicaBack(client, name) : drainReplica(client, name, { forMs, reason });
  const before = new Map<string, number | null>();
  return changeReplicas(source.all(), {
    what: `${forMs === null ? 'the return' : 'the drain'} of ${name.replica} of ${name.upstream}`,
    async check(replica) {
      const upstreams = await readUpstreams(replica.client);
      const found = upstreams.find((one) => one.name === name.upstream)?.replicas.find(({ id }) => id === name.replica);
      before.set(replica.name, found?.drainedUntil ?? null);
    },
    apply: put,
    hasTaken: async (replica) => {
      await put(replica);
      return true;
    },
    async undo({ name: gateway, client }) {
      const until = before.get(gateway) ?? null;
      const leftMs = until === null ? 0 : until - Date.now();
      if (leftMs > 0) await drainReplica(client, name, { forMs: leftMs, reason: 'put back' });
      else await takeReplicaBack(client, name);
    },
  });
}

export function giveBurst(source: Source, policy: string, key: string): Promise<GatewayChange> {
  return changeReplicas(source.all(), {
    what: `the reset of ${key.slice(0, 64)} in ${policy}`,
    apply: ({ client }) => resetLimit(client, policy, key),
    hasTaken: async ({ client }) => {
      await resetLimit(client, policy, key);
      return true;
    },
    undo: async () => {
      throw new Error('what was given cannot be taken again');
    },
  });
}

/** By name, each replica once. A replica that is drained on one gateway alone is shown as drained there. */
export async function viewUpstreams(source: Source): Promise<Upstream[]> {
  const views = await reached(Promise.all(source.live().map(({ client }) => readUpstreams(client))));
  return mergeUpstreams(views);
}

/** Pure. */
export function mergeUpstreams(views: readonly (readonly Upstream[])[]): Upstream[] {
  const merged = new Map<string, Upstream>();
  for (const upstream of views.flat()) {
    const known = merged.get(upstream.name);
    merged.set(upstream.name, known ? mergeUpstream(known, upstream) : upstream);
  }
  return [...merged.values()];
}

function mergeUpstream(known: Upstream, other: Upstream): Upstream {
  const replicas = new Map(known.replicas.map((replica) => [replica.id, replica]));
  for (const replica of other.replicas) {
    const same = replicas.get(replica.id);
    const until = [same?.drainedUntil, replica.drainedUntil].filter((at) => at !== null && at !== undefined);
    replicas.set(replica.id, {
      ...(same ?? replica),
      inFlight: (same?.inFlight ?? 0) + replica.inFlight,
      drainedUntil: until.length > 0 ? Math.max(...until) : null,
    });
  }
  return { ...known, inFlight: known.inFlight + other.inFlight, replicas: [...replicas.values()] };
}

const keysShown = 20;

export async function viewLimits(source: Source): Promise<GatewayLimits> {
  const views = await reached(Promise.all(source.live().map(({ client }) => readLimits(client))));
  const [first] = views;
  if (!first) return { store: { kind: 'memory', state: 'memory', reason: null }, policies: [], replicas: 0 };
  const policies = first.policies.map((policy) =>
    mergePolicies(views.flatMap((view) => view.policies.filter(({ name }) => name === policy.name))),
  );
  const fallback = views.find(({ store }) => store.state === 'fallback');
  return { store: (fallback ?? first).store, policies, replicas: views.length };
}

/** Pure. Of a key that several replicas know the one that has used most is shown: each counts for itself. */
export function mergePolicies(same: readonly LimitPolicyView[]): LimitPolicyView {
  const [first, ...others] = same;
  if (!first) throw new Error('there is at least the policy itself');
  const top = new Map<string, LimitPolicyView['top'][number]>();
  for (const key of same.flatMap((policy) => policy.top)) {
    const known = top.get(key.key);
    if (!known || known.used < key.used) top.set(key.key, key);
  }
  return {
    ...first,
    admitted: others.reduce((sum, { admitted }) => sum + admitted, first.admitted),
    refused: others.reduce((sum, { refused }) => sum + refused, first.refused),
    keys: Math.max(...same.map(({ keys }) => keys)),
    top: [...top.values()].sort((a, b) => b.used - a.used).slice(0, keysShown),
  };
}
