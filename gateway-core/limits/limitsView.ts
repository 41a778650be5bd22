// What the admin API and the metrics say of the limits, as plain data.
import type { Caps } from './caps.ts';
import type { LimitPolicy, LimitsConfig } from './limitsSection.ts';
import type { SharedState } from './sharedStore.ts';
import type { TatTable } from './tatTable.ts';

export interface PolicyState {
  tats: TatTable;
  admitted: number;
  refused: number;
}

export interface LimitKeyView {
  /** As reset takes it. */
  key: string;
  /** Units taken and not yet back. */
  used: number;
  /** Until all are back. */
  freeInMs: number;
}

export interface LimitPolicyView {
  name: string;
  by: string[];
  stage: string;
  rate: number;
  perSeconds: number;
  burst: number;
  cost: number;
  admitted: number;
  refused: number;
  /** Keys that this gateway remembers. */
  keys: number;
  /** Keys that were given up although they still owed something. */
  forgotten: number;
  /** Those that have used most, as far as this gateway has seen them. */
  top: LimitKeyView[];
}

export interface LimitsView {
  store: {
    kind: 'memory' | 'redis';
    state: 'memory' | 'shared' | 'fallback';
    url: string | null;
    since: number | null;
    reason: string | null;
    /** Decisions of this gateway alone while Redis is configured. */
    localDecisions: number;
  };
  keyLimit: number;
  policies: LimitPolicyView[];
  caps: {
    connectionsPerIp: number | null;
    requestsPerIp: number | null;
    requestsPerUser: number | null;
    refusedConnections: number;
    refusedRequests: number;
  };
}

interface ViewFacts {
  readonly config: LimitsConfig;
  readonly policies: ReadonlyMap<string, PolicyState>;
  readonly caps: Caps;
  readonly shared: SharedState | null;
  readonly localDecisions: number;
  readonly nowUs: number;
  readonly topKeys: number;
}

export function viewLimits(facts: ViewFacts): LimitsView {
  const { config, shared, caps } = facts;
  return {
    store: {
      kind: shared ? 'redis' : 'memory',
      state: shared?.state ?? 'memory',
      url: config.redis?.url ?? null,
      since: shared?.since ?? null,
      reason: shared?.reason ?? null,
      localDecisions: facts.localDecisions,
    },
    keyLimit: config.keys,
    policies: config.policies.flatMap((policy) => {
      const state = facts.policies.get(policy.name);
      return state ? [viewPolicy(policy, state, facts)] : [];
    }),
    caps: {
      connectionsPerIp: config.connectionsPerIp,
      requestsPerIp: config.requestsPerIp,
      requestsPerUser: config.requestsPerUser,
      refusedConnections: caps.refused.connections,
      refusedRequests: caps.refused.requests,
    },
  };
}

function viewPolicy(policy: LimitPolicy, { tats, admitted, refused }: PolicyState, facts: ViewFacts): LimitPolicyView {
  const { name, by, stage, rate, perSeconds, burst, cost } = policy;
  const { size: keys, forgotten } = tats;
  const top = facts.topKeys === 0 ? [] : findTop(tats, policy, facts);
  return { name, by: [...by], stage, rate, perSeconds, burst, cost, admitted, refused, keys, forgotten, top };
}

/** One pass over the table, which is bounded, and a small list in order. */
function findTop(tats: TatTable, { cells }: LimitPolicy, { nowUs, topKeys }: ViewFacts): LimitKeyView[] {
  const top: { key: string; owedUs: number }[] = [];
  for (const [key, tat] of tats.entries()) {
    const owedUs = Math.min(tat - nowUs, cells.capacityUs);
    const last = top.at(-1);
    if (owedUs <= 0 || (top.length === topKeys && last && last.owedUs >= owedUs)) continue;
    const place = top.findIndex((other) => other.owedUs < owedUs);
    top.splice(place < 0 ? top.length : place, 0, { key, owedUs });
    if (top.length > topKeys) top.pop();
  }
  return top.map(({ key, owedUs }) => ({
    key,
    used: Math.ceil(owedUs / cells.intervalUs),
    freeInMs: Math.ceil(owedUs / 1000),
  }));
}
