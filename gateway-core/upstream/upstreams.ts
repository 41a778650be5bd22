// All upstreams by name, which is a stable id: a new configuration finds them again with all that is known about them.
import type { Breaker, BreakerState, ForceOptions, Refusal, Transition } from '../breaker/breaker.ts';
import { createHealthChecks, type HealthChecks } from '../health/healthChecks.ts';
import type { Health } from '../health/healthState.ts';
import type { Hosts } from '../resolve/hosts.ts';
import type { ResolveName } from '../resolve/names.ts';
import type { Log } from '../server/log.ts';
import { type DnsWatch, watchName } from './dnsWatch.ts';
import { LiveUpstream, type NoReplica } from './liveUpstream.ts';
import type { DnsPolicy, Upstream } from './upstreamSection.ts';

export interface UpstreamsOptions {
  readonly hosts: Hosts;
  readonly resolveName: ResolveName;
  readonly log: Log;
  readonly userAgent: string;
  /** Epoch ms. */
  readonly now?: () => number;
  /** A breaker has changed its state; `replica` is null for that of a whole upstream. */
  readonly onTransition?: (whose: Whose, transition: Transition) => void;
  /** The health of a replica has changed, or it was ejected. */
  readonly onReplica?: (upstream: string, replica: string, reason: string) => void;
}

export interface Upstreams {
  find(name: string): LiveUpstream | undefined;
  /** What the upstream would say to one more request; takes nothing. undefined when there is no such upstream. */
  peek(name: string): { admitted: true; state: BreakerState } | NoReplica | Refusal | undefined;
  /**
   * Upstreams of the same name keep their state; those that are gone take requests of earlier configurations alone and
   * end with them. Returns those of this configuration.
   */
  reconcile(upstreams: readonly Upstream[]): ReadonlyMap<string, LiveUpstream>;
  /** From now on names are resolved and replicas are checked. */
  start(): void;
  /** Holds a breaker open or closed until then (epoch ms). False when there is no such breaker. */
  forceBreaker(whose: string | Whose, state: 'open' | 'closed', untilMs: number, options?: ForceOptions): boolean;
  /** Ends a force. False when there is no such breaker. */
  clearForcedBreaker(whose: string | Whose): boolean;
  /** Ends a force or an opening, and forgets what was seen. False when there is no such breaker. */
  resetBreaker(whose: string | Whose, options?: ForceOptions): boolean;
  /** Sends nothing new to a replica until then (epoch ms). False when there is no such replica. */
  drainReplica(upstream: string, replica: string, untilMs: number): boolean;
  /** False when there is no such replica. */
  clearDrain(upstream: string, replica: string): boolean;
  /** Ends timers and every connection. */
  destroy(): void;
}

interface Running {
  readonly live: LiveUpstream;
  readonly checks: HealthChecks;
  dns: { readonly policy: DnsPolicy; readonly watch: DnsWatch } | null;
}

export function createUpstreams(options: UpstreamsOptions): Upstreams {
  return new UpstreamRegistry(options);
}

class UpstreamRegistry implements Upstreams {
  private readonly options: UpstreamsOptions;
  private readonly now: () => number;
  private readonly byName = new Map<string, Running>();
  /** Gone from the configuration; their last requests may still be running. */
  private readonly retired = new Set<LiveUpstream>();
  private isStarted = false;

  constructor(options: UpstreamsOptions) {
    this.options = options;
    this.now = options.now ?? Date.now;
  }

  find(name: string): LiveUpstream | undefined {
    return this.byName.get(name)?.live;
  }

  peek(name: string) {
    return this.find(name)?.peek(this.now());
  }

  reconcile(upstreams: readonly Upstream[]): ReadonlyMap<string, LiveUpstream> {
    const names = new Set(upstreams.map(({ name }) => name));
    for (const [name, running] of this.byName) if (!names.has(name)) this.retire(name, running);
    for (const upstream of upstreams) {
      const known = this.byName.get(upstream.name);
      known?.live.configure(upstream);
      const running = known ?? this.create(upstream);
      this.byName.set(upstream.name, running);
      if (this.isStarted) this.run(running);
    }
    return new Map([...this.byName].map(([name, { live }]) => [name, live]));
  }

  start(): void {
    this.isStarted = true;
    for (const running of this.byName.values()) this.run(running);
  }

  forceBreaker(whose: string | Whose, state: 'open' | 'closed', untilMs: number, options?: ForceOptions): boolean {
    const breaker = this.findBreaker(whose);
    breaker?.force(state, untilMs, this.now(), options);
    return breaker !== undefined;
  }

  clearForcedBreaker(whose: string | Whose): boolean {
    const breaker = this.findBreaker(whose);
    breaker?.release(this.now());
    return breaker !== undefined;
  }

  resetBreaker(whose: string | Whose, options?: ForceOptions): boolean {
    const breaker = this.findBreaker(whose);
    breaker?.reset(this.now(), options);
    return breaker !== undefined;
  }

  /** A name alone means the upstream's own. Of a single replica, the upstream's breaker is its breaker. */
  private findBreaker(whose: string | Whose): Breaker | undefined {
    const { upstream, replica } = typeof whose === 'string' ? { upstream: whose, replica: null } : whose;
    const live = this.find(upstream);
    if (replica === null || !live) return live?.breaker;
    const found = live.replicas.find(({ id }) => id === replica);
    return found && (found.breaker ?? live.breaker);
  }

  drainReplica(upstream: string, id: string, untilMs: number): boolean {
    const replica = this.find(upstream)?.replicas.find((one) => one.id === id);
    if (replica) replica.drainedUntil = untilMs;
    return replica !== undefined;
  }

  clearDrain(upstream: string, id: string): boolean {
    return this.drainReplica(upstream, id, 0);
  }

  destroy(): void {
    this.isStarted = false;
    for (const { live, checks, dns } of this.byName.values()) {
      checks.stop();
      dns?.watch.stop();
      live.destroy();
    }
    for (const live of this.retired) live.destroy();
  }

  private create(upstream: Upstream): Running {
    const { hosts, log, userAgent, onTransition, onReplica } = this.options;
    const { name } = upstream;
    const live = new LiveUpstream({
      upstream,
      hosts,
      now: this.now,
      onTransition(replica, transition) {
        logTransition(log, { upstream: name, replica }, transition);
        onTransition?.({ upstream: name, replica }, transition);
      },
      onReplicas: () => {
        if (this.isStarted) this.byName.get(name)?.checks.reconcile();
      },
      onEjection(replica, reason) {
        log.warn(`replica ${replica} of ${name} is ejected`, { upstream: name, replica, reason });
        onReplica?.(name, replica, `ejected: ${reason}`);
      },
    });
    const onHealth = (replica: string, health: Health, note: string): void => {
      const fields = { upstream: name, replica, note };
      log[health === 'healthy' ? 'info' : 'warn'](`replica ${replica} of ${name} is ${health}`, fields);
      onReplica?.(name, replica, `${health}: ${note}`);
    };
    return { live, checks: createHealthChecks({ upstream: live, userAgent, now: this.now, onHealth }), dns: null };
  }

  private run(running: Running): void {
    const policy = running.live.config.dns;
    if (!isSamePolicy(policy, running.dns?.policy ?? null)) {
      running.dns?.watch.stop();
      running.dns = policy && { policy, watch: this.watch(running.live, policy) };
    }
    running.checks.reconcile();
  }

  private watch(live: LiveUpstream, policy: DnsPolicy): DnsWatch {
    const { resolveName, log } = this.options;
    return watchName({
      policy,
      resolveName,
      onAnswer: ({ addresses }) => live.setResolved(addresses),
      onFailure(error) {
        live.noteResolveFailure();
        const fields = { upstream: live.name, reason: String(error), kept: live.replicas.length };
        log.warn(`no address for ${policy.name}`, fields);
      },
    });
  }

  private retire(name: string, { live, checks, dns }: Running): void {
    this.byName.delete(name);
    checks.stop();
    dns?.watch.stop();
    live.retire();
    for (const earlier of this.retired) if (earlier.isIdle) this.retired.delete(earlier);
    this.retired.add(live);
  }
}

function isSamePolicy(one: DnsPolicy | null, other: DnsPolicy | null): boolean {
  return one?.name === other?.name && one?.port === other?.port && one?.refreshMs === other?.refreshMs;
}

export interface Whose {
  readonly upstream: string;
  readonly replica: string | null;
}

function logTransition(log: Log, { upstream, replica }: Whose, { from, to, reason }: Transition): void {
  const whose = replica === null ? upstream : `${replica} of ${upstream}`;
  const fields = { upstream, ...(replica === null ? {} : { replica }), from, to, reason };
  log[to === 'open' ? 'warn' : 'info'](`breaker ${whose}: ${from} → ${to}`, fields);
}
