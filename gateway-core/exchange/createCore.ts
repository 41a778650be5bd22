// Where the parts of a gateway are put together.
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { type Clock, systemClock } from '../clock/clock.ts';
import { findSource } from '../config/configSource.ts';
import type { GatewayConfig } from '../config/document.ts';
import { type ConfigFile, createConfigFile } from '../control/configFile.ts';
import { type Configs, createConfigs } from '../control/configs.ts';
import { createGatewayEvents } from '../events/gatewayEvents.ts';
import { createLimits } from '../limits/limits.ts';
import { createReplays } from '../replay/replays.ts';
import { createHosts } from '../resolve/hosts.ts';
import { createNameResolver, type ResolveName } from '../resolve/names.ts';
import { trackConnections } from '../server/connections.ts';
import { createLimitedWarning, type Log, silentLog } from '../server/log.ts';
import { createCounters } from '../stats/counters.ts';
import { createMetrics } from '../stats/metrics.ts';
import { createTap } from '../tap/tap.ts';
import { checkAccessLog, createAccessLog } from '../telemetry/accessLog.ts';
import { ACCESS_LOG } from '../telemetry/telemetrySection.ts';
import { createTracing } from '../telemetry/tracing.ts';
import { createBodyRoom } from '../transport/bufferBody.ts';
import { createDeadlines } from '../transport/deadlines.ts';
import { createUpgrades } from '../transport/upgrade.ts';
import { createUpstreams } from '../upstream/upstreams.ts';
import { version } from '../version.ts';
import type { Core } from './core.ts';
import { createRevision, putInForce } from './revision.ts';
import { completeLimits, type Surroundings } from './surroundings.ts';

export interface GatewayOptions {
  /** How this gateway is called in tap and stats; the machine's name by default. */
  readonly name?: string;
  /** A JSON file of `name:port` → address to dial; read again when it changes. */
  readonly hostsFile?: string | undefined;
  /** Silent by default. */
  readonly log?: Log;
  /** Time as everything but timers sees it; the system's by default. */
  readonly clock?: Clock;
  /** Where the access log goes when the configuration says nothing of it; without this, there is none then. */
  readonly accessLogTo?: string | undefined;
  /** Keys and places that count where the configuration names none. */
  readonly surroundings?: Surroundings;
  /** The file that the configuration was read from: read again when it changes and by reload. */
  readonly configFile?: string | undefined;
  /** How the names of `dns` upstreams are looked up; DNS, then the system, by default. */
  readonly resolveName?: ResolveName;
}

/** Everything that the exchanges of one gateway share. Throws when something that the configuration names is not usable. */
export function createCore(config: GatewayConfig, options: GatewayOptions): Core {
  const { name = hostname(), hostsFile, log = silentLog, clock = systemClock, surroundings = {} } = options;
  const events = createGatewayEvents(clock, (error) => log.error('a listener failed', { reason: String(error) }));
  const warn = createLimitedWarning(log, 1_000, clock.monotonic);
  const warnOf = (key: string) => (message: string, fields: Record<string, unknown>) => warn(key, message, fields);
  const { traces } = config.telemetry;
  const { accessLogTo } = options;
  const accessLogFallback = accessLogTo === undefined ? null : { ...ACCESS_LOG, to: accessLogTo };
  checkAccessLog(accessLogFallback);
  const hosts = createHosts({ file: hostsFile, log, now: clock.monotonic });
  const revision = createRevision(config, { hosts, log, clock, surroundings });
  const upstreams = createUpstreams({
    hosts,
    resolveName: options.resolveName ?? createNameResolver(),
    log,
    userAgent: `gatehouse-health/${version}`,
    now: clock.now,
    onTransition: (whose, { from, to, reason }) => events.emit({ type: 'breaker', ...whose, from, to, reason }),
    onReplica: (upstream, replica, reason) => events.emit({ type: 'replica', upstream, replica, reason }),
  });
  const configs = createConfigs({
    first: config,
    clock,
    events,
    log,
    put: (next) => putInForce(core, next),
    check: (next) => void createRevision(next, core, core.revision),
  });
  const core: Core = {
    name,
    version,
    startedAt: clock.now(),
    run: randomBytes(4).toString('hex'),
    clock,
    revision: { ...revision, upstreams: upstreams.reconcile(config.upstreams) },
    log,
    surroundings,
    warnOfUpstream: (upstream, message, fields) => warn(`upstream ${upstream}`, message, fields),
    events,
    configs,
    configFile: createOptionalFile(options.configFile, config, configs),
    connections: trackConnections(),
    reconcilers: [],
    upstreams,
    limits: createLimits({
      config: completeLimits(config.limits, surroundings),
      target: revision.limitTarget,
      log,
      nowUs: () => Math.floor(clock.monotonic() * 1_000),
      now: clock.now,
    }),
    bodyRoom: createBodyRoom(config.validation.bufferedBytes),
    hosts,
    deadlines: createDeadlines(),
    upgrades: createUpgrades(),
    tap: createTap(config.tap),
    tracing: createTracing({
      config: traces,
      gateway: name,
      version,
      log,
      resolve: hosts.resolve,
      warn: warnOf('traces'),
    }),
    replays: createReplays(),
    accessLogFallback,
    accessLog: createAccessLog({
      config: config.telemetry.accessLog ?? accessLogFallback,
      clock,
      warn: warnOf('access log'),
    }),
    counters: createCounters(revision.routes.targets.map((target) => target.id)),
    metrics: createMetrics(() => core),
    live: { address: null, sequence: 0, inFlight: 0, leaving: false, draining: false },
  };
  return core;
}

function createOptionalFile(path: string | undefined, config: GatewayConfig, configs: Configs): ConfigFile | undefined {
  return path === undefined ? undefined : createConfigFile({ path, configs, seen: findSource(config)?.text });
}
