// A gateway: its state, its data port and its admin socket. Several may live in one process.
import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { type AdminServer, createAdminServer } from './admin/adminServer.ts';
import { listenOnUnixSocket } from './admin/unixSocket.ts';
import { createAuthentication } from './auth/authentication.ts';
import { findTokenFields } from './auth/findToken.ts';
import { type Clock, systemClock } from './clock/clock.ts';
import { findSource } from './config/configSource.ts';
import type { GatewayConfig } from './config/document.ts';
import { type ConfigFile, createConfigFile } from './control/configFile.ts';
import { type Configs, createConfigs } from './control/configs.ts';
import { explainNow } from './control/explainNow.ts';
import { createGatewayEvents, type ListenedEvents } from './events/gatewayEvents.ts';
import { listen } from './events/listen.ts';
import type { Core, Revision } from './exchange/core.ts';
import { createFallbacks } from './fallback/fallbacks.ts';
import { createTrustedProxies } from './headers/trustedProxies.ts';
import { createLimits, type LimitReset } from './limits/limits.ts';
import type { LimitsView } from './limits/limitsView.ts';
import { readSharedTarget } from './limits/sharedStore.ts';
import { createHosts, type Hosts } from './resolve/hosts.ts';
import { createNameResolver, type ResolveName } from './resolve/names.ts';
import type { BindAddress } from './resolve/ports.ts';
import { listTargets } from './routes/matchRoute.ts';
import { createRouteIndex } from './routes/routeIndex.ts';
import { trackConnections } from './server/connections.ts';
import { createDataServer } from './server/dataServer.ts';
import { drain } from './server/drain.ts';
import { createLimitedWarning, type Log, silentLog } from './server/log.ts';
import type { ExplainRequest, Explanation } from './stages/explain.ts';
import { createCounters } from './stats/counters.ts';
import { createMetrics } from './stats/metrics.ts';
import { createRedaction } from './tap/redact.ts';
import { createTap } from './tap/tap.ts';
import { checkAccessLog, createAccessLog } from './telemetry/accessLog.ts';
import { ACCESS_LOG } from './telemetry/telemetrySection.ts';
import { createTracePolicy } from './telemetry/tracePolicy.ts';
import { createTracing } from './telemetry/tracing.ts';
import { createBodyRoom } from './transport/bufferBody.ts';
import { createDeadlines } from './transport/deadlines.ts';
import { createUpgrades } from './transport/upgrade.ts';
import { createUpstreams, type Upstreams } from './upstream/upstreams.ts';
import { compileRouteSchemas } from './validation/validationSection.ts';
import { version } from './version.ts';

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
  /** The file that the configuration was read from: read again when it changes and by reload. */
  readonly configFile?: string | undefined;
  /** How the names of `dns` upstreams are looked up; DNS, then the system, by default. */
  readonly resolveName?: ResolveName;
}

export interface Gateway {
  /** Binds the data port; without an address, the configured one. Rejects when it is taken. */
  listen(address?: BindAddress): Promise<BindAddress>;
  /** Binds the admin API to a unix socket, mode 0600. Rejects when another gateway answers there. */
  adminListen(path: string): Promise<void>;
  /**
   * Puts another configuration in force for every exchange that begins from now on; running ones end by theirs.
   * Breakers, connections, counters and keys of what has the same name stay. The address stays the one that is bound.
   * Throws, and changes nothing, when something that it names is not usable.
   */
  replaceConfig(config: GatewayConfig): void;
  /** Reads `configFile` again. Throws ConfigError when it is not valid, having changed nothing. */
  reload(): void;
  /** Goes on in new files where logs have been moved away. */
  reopenLogs(): void;
  /** What would happen to a request now. Runs the very stages of the data path; nothing is forwarded or counted. */
  explain(request: ExplainRequest): Promise<Explanation>;
  /**
   * Tells of breakers, replicas, configurations, the drain and finished exchanges, always in a later turn of the event loop. A
   * listener of exchanges that holds up the event loop loses some, as any viewer of the tap. Returns what ends it.
   */
  on<Name extends keyof ListenedEvents>(name: Name, listener: (event: ListenedEvents[Name]) => void): () => void;
  /** What the limits have counted, and of each policy the `topKeys` (20) keys that have used most. */
  viewLimits(topKeys?: number): LimitsView;
  /** Gives a key of a policy, written as viewLimits writes it, a whole burst anew; undefined when there is no such policy. */
  resetLimit(policy: string, key: string): Promise<LimitReset | undefined>;
  /** The configuration in force. */
  readonly config: GatewayConfig;
  /** How much of request bodies is held in memory now, while they are checked and forwarded. */
  readonly bufferedBytes: number;
  /** What an operator may do to upstreams and replicas: hold a breaker, drain a replica. */
  readonly upstreams: Upstreams;
  /** Where the data port is bound; null before listen. */
  readonly address: BindAddress | null;
  /**
   * Ends in three steps: for `delayMs` it serves on while readiness says 503; then nothing new is taken, idle
   * connections end, and what runs gets `graceMs`; what is left is cut. True when nothing was. By default as the
   * configuration in force says under `drain`.
   */
  close(options?: CloseOptions): Promise<boolean>;
}

interface CloseOptions {
  readonly delayMs?: number;
  readonly graceMs?: number;
}

/** A collector that does not answer must not keep a gateway from ending. */
const LAST_EXPORT_MS = 2_000;

/** Opens no socket until listen is called. Throws when a file or variable that the configuration names is not usable. */
export function createGateway(config: GatewayConfig, options: GatewayOptions = {}): Gateway {
  const core = createCore(config, options);
  const server = createDataServer(core);
  const admin = createAdminServer(core);
  let address: BindAddress | null = null;
  let closing: Promise<boolean> | undefined;

  return {
    async listen(wanted = core.revision.config.listen) {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(wanted.port, wanted.host, () => {
          server.off('error', reject);
          resolve();
        });
      });
      core.upstreams.start();
      const bound = server.address();
      address = { host: wanted.host, port: typeof bound === 'object' && bound ? bound.port : wanted.port };
      const { revision, routes } = core.revision.config;
      core.log.info('listening', { ...address, revision, routes: routes.length });
      core.revision.auth.warm();
      core.configFile?.watch();
      return address;
    },
    async adminListen(path) {
      await listenOnUnixSocket(admin.server, path);
      core.log.info('admin API listening', { path });
    },
    replaceConfig: (next) => void core.configs.offer(() => next, { origin: 'library' }),
    reload() {
      if (!core.configFile) throw new Error('this gateway has no configuration file; give createGateway a configFile');
      core.configFile.reload('signal');
    },
    reopenLogs: () => core.accessLog.reopen(),
    explain: (request) => explainNow(core, request),
    on: (name, listener) => listen(core, name, listener),
    viewLimits: (topKeys) => core.limits.view(topKeys),
    resetLimit: (policy, key) => core.limits.reset(policy, key),
    upstreams: core.upstreams,
    get config() {
      return core.revision.config;
    },
    get bufferedBytes() {
      return core.bodyRoom.heldBytes;
    },
    get address() {
      return address;
    },
    close(options = {}) {
      closing ??= end(core, { server, admin }, options);
      return closing;
    },
  };
}

interface Servers {
  readonly server: Server;
  readonly admin: AdminServer;
}

async function end(core: Core, { server, admin }: Servers, options: CloseOptions): Promise<boolean> {
  const { live, log, events, connections } = core;
  const { drain: configured } = core.revision.config;
  const { delayMs = configured.delayMs, graceMs = configured.deadlineMs } = options;
  live.leaving = true;
  core.configFile?.close();
  events.emit({ type: 'drain', phase: 'leaving' });
  if (delayMs > 0 && server.listening) {
    log.info('not ready any more, still serving', { delayMs });
    await setTimeout(delayMs);
  }
  live.draining = true;
  events.emit({ type: 'drain', phase: 'draining' });
  log.info('draining', { inFlight: live.inFlight, graceMs });
  const whole = await drain(server, { graceMs, inFlight: () => live.inFlight, connections });
  core.revision.auth.close();
  core.upstreams.destroy();
  core.limits.close();
  await Promise.all([core.tracing.close(LAST_EXPORT_MS), core.accessLog.close(LAST_EXPORT_MS)]);
  events.emit({ type: 'drain', phase: 'closed' });
  await admin.close();
  core.metrics.close();
  log.info('closed', { whole });
  return whole;
}

/** Throws what createGateway would throw: a file that the configuration names is not there, for example. */
export function checkConfig(config: GatewayConfig): void {
  createRevision(config, { hosts: createHosts({}), log: silentLog, clock: systemClock });
}

/** All of it but what is kept over configurations. */
type BuiltRevision = Omit<Revision, 'upstreams'>;

interface RevisionDependencies {
  readonly hosts: Hosts;
  readonly log: Log;
  readonly clock: Clock;
}

/** Throws when something that the configuration names is not usable. Changes nothing. */
function createRevision(config: GatewayConfig, dependencies: RevisionDependencies, previous?: Revision): BuiltRevision {
  const { hosts, log, clock } = dependencies;
  checkAccessLog(config.telemetry.accessLog);
  const auth = createAuthentication(
    config.auth,
    { log, resolve: hosts.resolve, env: process.env, now: clock.now, monotonicNow: clock.monotonic },
    previous?.auth,
  );
  compileRouteSchemas(config.routes);
  return {
    config,
    loadedAt: clock.now(),
    proxies: createTrustedProxies(config.trustedProxies),
    auth,
    routes: createRouteIndex(listTargets(config)),
    redaction: createRedaction({
      ...config.telemetry.redact,
      headers: [...config.redact, ...findTokenFields(config.auth.providers)],
    }),
    tracePolicy: createTracePolicy(config.telemetry),
    limitTarget: config.limits.redis && readSharedTarget(config.limits.redis),
    fallbacks: createFallbacks(config.routes),
  };
}

/** Everything that can fail is built before the first line of state changes. */
function putInForce(core: Core, config: GatewayConfig): void {
  const revision = createRevision(config, core, core.revision);
  const routeIds = revision.routes.targets.map((target) => target.id);
  core.counters.reconcile(routeIds);
  core.bodyRoom.limitBytes = config.validation.bufferedBytes;
  core.limits.reconcile(config.limits, revision.limitTarget);
  core.metrics.reconcile(
    routeIds,
    config.upstreams.map(({ name }) => name),
  );
  core.tap.configure(config.tap);
  core.tracing.reconcile(config.telemetry.traces);
  core.accessLog.reconcile(config.telemetry.accessLog ?? core.accessLogFallback);
  for (const reconcile of core.reconcilers) reconcile(config);
  core.revision = { ...revision, upstreams: core.upstreams.reconcile(config.upstreams) };
  revision.auth.warm();
}

function createCore(config: GatewayConfig, options: GatewayOptions): Core {
  const { name = hostname(), hostsFile, log = silentLog, clock = systemClock } = options;
  const events = createGatewayEvents(clock, (error) => log.error('a listener failed', { reason: String(error) }));
  const warn = createLimitedWarning(log, 1_000, clock.monotonic);
  const warnOf = (key: string) => (message: string, fields: Record<string, unknown>) => warn(key, message, fields);
  const { traces } = config.telemetry;
  const { accessLogTo } = options;
  const accessLogFallback = accessLogTo === undefined ? null : { ...ACCESS_LOG, to: accessLogTo };
  checkAccessLog(accessLogFallback);
  const hosts = createHosts({ file: hostsFile, log, now: clock.monotonic });
  const revision = createRevision(config, { hosts, log, clock });
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
    warnOfUpstream: (upstream, message, fields) => warn(`upstream ${upstream}`, message, fields),
    events,
    configs,
    configFile: createOptionalFile(options.configFile, config, configs),
    connections: trackConnections(),
    reconcilers: [],
    upstreams,
    limits: createLimits({
      config: config.limits,
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
    accessLogFallback,
    accessLog: createAccessLog({
      config: config.telemetry.accessLog ?? accessLogFallback,
      clock,
      warn: warnOf('access log'),
    }),
    counters: createCounters(revision.routes.targets.map((target) => target.id)),
    metrics: createMetrics(() => core),
    live: { sequence: 0, inFlight: 0, leaving: false, draining: false },
  };
  return core;
}

function createOptionalFile(path: string | undefined, config: GatewayConfig, configs: Configs): ConfigFile | undefined {
  return path === undefined ? undefined : createConfigFile({ path, configs, seen: findSource(config)?.text });
}
