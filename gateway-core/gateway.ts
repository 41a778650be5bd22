// A gateway: its state, its data port and its admin socket. Several may live in one process.
import { hostname } from 'node:os';
import { createAdminServer } from './admin/adminServer.ts';
import { listenOnUnixSocket } from './admin/unixSocket.ts';
import { createAuthentication } from './auth/authentication.ts';
import { findTokenFields } from './auth/findToken.ts';
import { createBreakers } from './breaker/breakers.ts';
import type { GatewayConfig } from './config/document.ts';
import type { Core, Live, Revision } from './exchange/core.ts';
import { createTrustedProxies } from './headers/trustedProxies.ts';
import { createLimits, type LimitReset } from './limits/limits.ts';
import type { LimitsView } from './limits/limitsView.ts';
import { readSharedTarget } from './limits/sharedStore.ts';
import { createHosts, type Hosts } from './resolve/hosts.ts';
import type { BindAddress } from './resolve/ports.ts';
import { listTargets } from './routes/matchRoute.ts';
import { createRouteIndex } from './routes/routeIndex.ts';
import { createDataServer } from './server/dataServer.ts';
import { drain } from './server/drain.ts';
import { createLimitedWarning, type Log, silentLog } from './server/log.ts';
import { createCounters } from './stats/counters.ts';
import { createMetrics } from './stats/metrics.ts';
import { createRedaction } from './tap/redact.ts';
import { createTap } from './tap/tap.ts';
import { createPools } from './transport/pools.ts';
import { createUpgrades } from './transport/upgrade.ts';
import { version } from './version.ts';

export interface GatewayOptions {
  readonly config: GatewayConfig;
  /** How this gateway is called in tap and stats; the machine's name by default. */
  readonly name?: string;
  /** A JSON file of `name:port` → address to dial; read again when it changes. */
  readonly hostsFile?: string | undefined;
  readonly log?: Log;
}

export interface Gateway {
  /** Binds the data port; without an address, the configured one. Rejects when it is taken. */
  listen(address?: BindAddress): Promise<BindAddress>;
  /** Binds the admin API to a unix socket, mode 0600. Rejects when another gateway answers there. */
  adminListen(path: string): Promise<void>;
  /**
   * Puts another configuration in force for every exchange that begins from now on; running ones end by theirs.
   * Breakers, connections, counters and keys of what has the same name stay. The address stays the one that is bound.
   * Throws, and changes nothing, when a file or variable that it names is not usable.
   */
  replaceConfig(config: GatewayConfig): void;
  /** What the limits have counted, and of each policy the `topKeys` (20) keys that have used most. */
  viewLimits(topKeys?: number): LimitsView;
  /** Gives a key of a policy, written as viewLimits writes it, a whole burst anew; undefined when there is no such policy. */
  resetLimit(policy: string, key: string): Promise<LimitReset | undefined>;
  /** Where the data port is bound; null before listen. */
  readonly address: BindAddress | null;
  /** Drains: /health says 503, nothing new is taken, what runs gets `graceMs` (10 s). True when nothing was cut. */
  close(options?: { graceMs?: number }): Promise<boolean>;
}

const GRACE_MS = 10_000;

/** Opens no socket until listen is called. Throws when a file or variable that the configuration names is not usable. */
export function createGateway(options: GatewayOptions): Gateway {
  const core = createCore(options);
  const { server, connections, setLimits } = createDataServer(core);
  const admin = createAdminServer(core);
  let address: BindAddress | null = null;
  let closing: Promise<boolean> | undefined;

  async function close(graceMs: number): Promise<boolean> {
    core.live.draining = true;
    core.log.info('draining', { inFlight: core.live.inFlight, graceMs });
    const whole = await drain(server, { graceMs, inFlight: () => core.live.inFlight, connections });
    core.revision.auth.close();
    await core.pools.destroy();
    core.limits.close();
    await admin.close();
    core.log.info('closed', { whole });
    return whole;
  }

  return {
    async listen(wanted = core.revision.config.listen) {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(wanted.port, wanted.host, () => {
          server.off('error', reject);
          resolve();
        });
      });
      const bound = server.address();
      address = { host: wanted.host, port: typeof bound === 'object' && bound ? bound.port : wanted.port };
      const { revision, routes } = core.revision.config;
      core.log.info('listening', { ...address, revision, routes: routes.length });
      core.revision.auth.warm();
      return address;
    },
    async adminListen(path) {
      await listenOnUnixSocket(admin.server, path);
      core.log.info('admin API listening', { path });
    },
    replaceConfig(config) {
      replaceConfig(core, config);
      setLimits(config.server);
    },
    viewLimits: (topKeys) => core.limits.view(topKeys),
    resetLimit: (policy, key) => core.limits.reset(policy, key),
    get address() {
      return address;
    },
    close({ graceMs = GRACE_MS } = {}) {
      closing ??= close(graceMs);
      return closing;
    },
  };
}

interface RevisionDependencies {
  readonly hosts: Hosts;
  readonly log: Log;
}

/** Throws when something that the configuration names (a key file, a secret) is not there or not usable. */
function createRevision(config: GatewayConfig, { hosts, log }: RevisionDependencies, previous?: Revision): Revision {
  const auth = createAuthentication(
    config.auth,
    { log, resolve: hosts.resolve, env: process.env, now: Date.now, monotonicNow: () => performance.now() },
    previous?.auth,
  );
  return {
    config,
    loadedAt: Date.now(),
    proxies: createTrustedProxies(config.trustedProxies),
    auth,
    routes: createRouteIndex(listTargets(config)),
    redact: createRedaction([...config.redact, ...findTokenFields(config.auth.providers)]),
    limitTarget: config.limits.redis && readSharedTarget(config.limits.redis),
  };
}

/** Everything that can fail is built before the first line of state changes. */
function replaceConfig(core: Core, config: GatewayConfig): void {
  const revision = createRevision(config, core, core.revision);
  core.breakers.reconcile(config.upstreams);
  core.counters.reconcile(revision.routes.targets.map((target) => target.id));
  core.pools.reconcile(config.upstreams);
  core.limits.reconcile(config.limits, revision.limitTarget);
  core.revision = revision;
  revision.auth.warm();
  core.log.info('configuration replaced', { revision: config.revision, routes: config.routes.length });
}

function createCore({ config, name = hostname(), hostsFile, log = silentLog }: GatewayOptions): Core {
  const live: Live = { sequence: 0, inFlight: 0, inFlightByUpstream: new Map(), draining: false };
  const breakers = createBreakers({
    upstreams: config.upstreams,
    now: Date.now,
    onTransition: (upstream, { from, to, reason }) =>
      log[to === 'open' ? 'warn' : 'info'](`breaker ${upstream}: ${from} → ${to}`, { upstream, from, to, reason }),
  });
  const tap = createTap(config.tap);
  const hosts = createHosts({ file: hostsFile, log });
  const revision = createRevision(config, { hosts, log });
  const limits = createLimits({ config: config.limits, target: revision.limitTarget, log });
  const core: Core = {
    name,
    version,
    startedAt: Date.now(),
    revision,
    log,
    warnOfUpstream: createLimitedWarning(log, 1_000),
    breakers,
    limits,
    hosts,
    pools: createPools(),
    upgrades: createUpgrades(),
    tap,
    counters: createCounters(revision.routes.targets.map((target) => target.id)),
    metrics: createMetrics({
      inFlight: () => live.inFlight,
      breakerStates: () =>
        core.revision.config.upstreams.map(({ name }) => [name, breakers.snapshot(name).state] as const),
      tapLost: () => tap.stats().lost,
      limits: () => limits.view(0),
    }),
    live,
  };
  return core;
}
