// The limits of one gateway: what each key owes, by the name of its policy, so that a new configuration finds it again.
import type { Log } from '../server/log.ts';
import type { Findings, MaybePromise, RequestFacts } from '../stages/stage.ts';
import { type Caps, createCaps } from './caps.ts';
import { type CellVerdict, decideCell } from './gcra.ts';
import { toAddressKey, toLimitKey, toUserKey } from './limitKey.ts';
import type { LimitPolicy, LimitStageName, LimitsConfig } from './limitsSection.ts';
import { type LimitsView, type PolicyState, viewLimits } from './limitsView.ts';
import { createSharedStore, type SharedStore, type SharedTarget } from './sharedStore.ts';
import { createTatTable } from './tatTable.ts';

export interface PolicyVerdict {
  readonly policy: LimitPolicy;
  readonly verdict: CellVerdict;
}

/** Who counted: this gateway because it is to, Redis, or this gateway because Redis does not answer. */
export type LimitStoreState = 'memory' | 'shared' | 'fallback';

export interface LimitAnswer {
  /** All policies admit, and no cap is reached. */
  readonly admitted: boolean;
  readonly store: LimitStoreState;
  readonly verdicts: readonly PolicyVerdict[];
  /** The cap on running requests that is reached, else null. */
  readonly cap: number | null;
  /** What was taken of a cap, to be given back when the exchange ends; null when nothing was. */
  readonly slot: string | null;
}

export interface LimitQuestion {
  readonly stage: LimitStageName;
  readonly request: RequestFacts;
  readonly findings: Findings;
}

export type AskLimits = (question: LimitQuestion) => MaybePromise<LimitAnswer>;

export interface LimitReset {
  /** This gateway owed nothing for the key any more, or does not now. */
  readonly local: true;
  /** Whether Redis was told; null when none is configured. */
  readonly shared: boolean | null;
}

export interface Limits {
  readonly caps: Caps;
  /**
   * Asks all policies of a stage on one clock, then charges each, or none when one refuses: a request that is not let
   * through costs nothing anywhere. Never throws and never rejects, whatever becomes of Redis.
   */
  readonly take: AskLimits;
  /** What take would answer, and nothing changes. */
  readonly look: AskLimits;
  /** Takes over another configuration: policies of the same name keep their keys, within a burst of the new policy. */
  reconcile(config: LimitsConfig, target: SharedTarget | null): void;
  /** Gives a key, written as in the view, a whole burst anew; undefined when there is no such policy. */
  reset(policy: string, key: string): Promise<LimitReset | undefined>;
  view(topKeys?: number): LimitsView;
  close(): void;
}

export interface LimitsOptions {
  readonly config: LimitsConfig;
  readonly target: SharedTarget | null;
  readonly log: Log;
  /** Monotonic, in whole µs. */
  readonly nowUs?: () => number;
  /** Epoch ms. */
  readonly now?: () => number;
}

const monotonicUs = (): number => Math.floor(performance.now() * 1000);

type Mode = 'take' | 'look';

/** One question on its way, with the key that each policy counts it under. */
interface Asked {
  readonly mode: Mode;
  readonly policies: readonly LimitPolicy[];
  readonly keys: readonly string[];
  readonly slot: string | null;
}

export function createLimits(options: LimitsOptions): Limits {
  return new LimitBook(options);
}

class LimitBook implements Limits {
  readonly caps = createCaps();
  private readonly log: Log;
  private readonly nowUs: () => number;
  private readonly now: () => number;
  private readonly policies = new Map<string, PolicyState>();
  private config: LimitsConfig;
  private store: SharedStore | null = null;
  private localDecisions = 0;

  constructor({ config, target, log, nowUs = monotonicUs, now = Date.now }: LimitsOptions) {
    this.log = log;
    this.nowUs = nowUs;
    this.now = now;
    this.config = config;
    this.reconcile(config, target);
  }

  readonly take: AskLimits = (question) => {
    const cap = this.toCap(question);
    // Taken before Redis is asked, since others may come meanwhile; given back when a policy refuses.
    const slot = cap && this.caps.enter(cap.key, cap.limit) ? cap.key : null;
    return cap && slot === null ? this.refuseByCap(cap.limit) : this.ask(question, 'take', slot);
  };

  readonly look: AskLimits = (question) => {
    const cap = this.toCap(question);
    return cap && !this.caps.hasRoom(cap.key, cap.limit)
      ? this.refuseByCap(cap.limit)
      : this.ask(question, 'look', null);
  };

  private refuseByCap(cap: number): LimitAnswer {
    return { admitted: false, store: this.state(), verdicts: [], cap, slot: null };
  }

  private toCap({ stage, request, findings }: LimitQuestion): { key: string; limit: number } | undefined {
    const { requestsPerIp, requestsPerUser, ipv6PrefixLength } = this.config;
    if (stage === 'ip')
      return requestsPerIp === null
        ? undefined
        : { key: toAddressKey(request.client, ipv6PrefixLength), limit: requestsPerIp };
    return requestsPerUser === null || !findings.identity
      ? undefined
      : { key: toUserKey(findings.identity), limit: requestsPerUser };
  }

  private ask({ stage, request, findings }: LimitQuestion, mode: Mode, slot: string | null): MaybePromise<LimitAnswer> {
    const { store } = this;
    const policies = findings.route?.limits[stage] ?? [];
    const asked = { mode, policies, keys: policies.map((policy) => toLimitKey(policy, request, findings)), slot };
    if (store === null || policies.length === 0) return this.decide(asked, this.state());
    const reply = store.ask(mode, {
      keys: policies.map(({ name }, index) => `${name}:${asked.keys[index]}`),
      numbers: policies.flatMap(({ cells }) => [cells.incrementUs, cells.capacityUs]),
    });
    if (reply === undefined) return this.decideAlone(asked);
    return reply.then((numbers) => (numbers === undefined ? this.decideAlone(asked) : this.readReply(asked, numbers)));
  }

  private decideAlone(asked: Asked): LimitAnswer {
    this.localDecisions += 1;
    return this.decide(asked, 'fallback');
  }

  /** Looks and writes in one turn of the event loop: between the two, nobody else sees what is about to be taken. */
  private decide(asked: Asked, store: LimitStoreState): LimitAnswer {
    const now = this.nowUs();
    const verdicts = asked.policies.map((policy, index): PolicyVerdict => {
      const tat = this.policies.get(policy.name)?.tats.find(asked.keys[index] ?? '');
      return { policy, verdict: decideCell(tat, now, policy.cells) };
    });
    return this.settle(asked, { admitted: verdicts.every(({ verdict }) => verdict.admitted), store, verdicts }, now);
  }

  /** Redis said whether it admits, what time it is there, and what each key owed before; the rest follows by the same rule. */
  private readReply(asked: Asked, [admitted = 0, now = 0, ...tats]: number[]): LimitAnswer {
    const nowHere = this.nowUs();
    const offset = nowHere - now;
    const verdicts = asked.policies.map((policy, index): PolicyVerdict => {
      const verdict = decideCell(tats[index], now, policy.cells);
      return { policy, verdict: { ...verdict, tat: verdict.tat + offset } };
    });
    return this.settle(asked, { admitted: admitted === 1, store: 'shared', verdicts }, nowHere);
  }

  /**
   * Writes down what was decided. What Redis decided is written down here too, so that the view knows it, and so that
   * this gateway begins with it when Redis goes, not with full buckets.
   */
  private settle({ mode, keys, slot }: Asked, decided: Omit<LimitAnswer, 'cap' | 'slot'>, nowUs: number): LimitAnswer {
    const { admitted, store, verdicts } = decided;
    if (mode === 'look') return { admitted, store, verdicts, cap: null, slot: null };
    verdicts.forEach(({ policy, verdict }, index) => {
      const state = this.policies.get(policy.name);
      // Gone with a configuration that was replaced while this request was on its way.
      if (!state) return;
      if (admitted) {
        state.admitted += 1;
        state.tats.set(keys[index] ?? '', verdict.tat, nowUs);
      } else if (!verdict.admitted) state.refused += 1;
    });
    if (slot !== null && !admitted) this.caps.leave(slot);
    return { admitted, store, verdicts, cap: null, slot: admitted ? slot : null };
  }

  private state(): LimitStoreState {
    return this.store === null ? 'memory' : this.store.state().state;
  }

  reconcile(config: LimitsConfig, target: SharedTarget | null): void {
    const resized = config.keys !== this.config.keys;
    this.config = config;
    const names = new Set(config.policies.map(({ name }) => name));
    for (const name of this.policies.keys()) if (!names.has(name)) this.policies.delete(name);
    for (const { name } of config.policies) {
      const known = this.policies.get(name);
      if (!known) this.policies.set(name, { tats: createTatTable(config.keys), admitted: 0, refused: 0 });
      else if (resized) known.tats = this.copyTats(known, config.keys);
    }
    if (JSON.stringify(target) === JSON.stringify(this.store?.target ?? null)) return;
    this.store?.close();
    this.store = target && createSharedStore(target, this.log, this.now);
  }

  private copyTats({ tats }: PolicyState, keys: number): PolicyState['tats'] {
    const copy = createTatTable(keys);
    for (const [key, tat] of tats.entries()) copy.set(key, tat, this.nowUs());
    return copy;
  }

  async reset(policy: string, key: string): Promise<LimitReset | undefined> {
    const state = this.policies.get(policy);
    if (!state) return undefined;
    state.tats.delete(key);
    return { local: true, shared: this.store === null ? null : await this.store.forget(`${policy}:${key}`) };
  }

  view(topKeys = 20): LimitsView {
    const { config, caps, localDecisions } = this;
    const shared = this.store?.state() ?? null;
    return viewLimits({ config, policies: this.policies, caps, shared, localDecisions, nowUs: this.nowUs(), topKeys });
  }

  close(): void {
    this.store?.close();
  }
}
