// A gateway: its state, its data port and its admin socket. Several may live in one process.
import { hostname } from 'node:os';
import { createAdminServer } from './admin/adminServer.ts';
import { listenOnUnixSocket } from './admin/unixSocket.ts';
import type { GatewayConfig } from './config/document.ts';
import type { Core, Live, Revision } from './exchange/core.ts';
import { createFallbacks } from './fallback/fallbacks.ts';
import { createTrustedProxies } from './headers/trustedProxies.ts';
import { createHosts } from './resolve/hosts.ts';
import { createNameResolver, type ResolveName } from './resolve/names.ts';
import type { BindAddress } from './resolve/ports.ts';
import { createDataServer } from './server/dataServer.ts';
import { drain, trackConnections } from './server/drain.ts';
import { createLimitedWarning, type Log, silentLog } from './server/log.ts';
import { createCounters } from './stats/counters.ts';
import { createMetrics } from './stats/metrics.ts';
import { createRedaction } from './tap/redact.ts';
import { createTap } from './tap/tap.ts';
import { createDeadlines } from './transport/deadlines.ts';
import { createUpgrades } from './transport/upgrade.ts';
import { createUpstreams, type Upstreams } from './upstream/upstreams.ts';
import { version } from './version.ts';

export interface GatewayOptions {
  readonly config: GatewayConfig;
  /** How this gateway is called in tap and stats; the machine's name by default. */
  readonly name?: string;
  /** A JSON file of `name:port` → address to dial; read again when it changes. */
  readonly hostsFile?: string | undefined;
  readonly log?: Log;
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
   * Breakers, connections and counters of what has the same name stay. The address stays the one that is bound.
   */
  replaceConfig(config: GatewayConfig): void;
  /** What an operator may do to upstreams and replicas: hold a breaker, drain a replica. */
  readonly upstreams: Upstreams;
  /** Where the data port is bound; null before listen. */
  readonly address: BindAddress | null;
  /** Drains: /health says 503, nothing new is taken, what runs gets `graceMs` (10 s). True when nothing was cut. */
  close(options?: { graceMs?: number }): Promise<boolean>;
}

const GRACE_MS = 10_000;

/** Opens nothing until listen is called. */
export function createGateway(options: GatewayOptions): Gateway {
  const core = createCore(options);
  const server = createDataServer(core);
  const connections = trackConnections(server);
  const admin = createAdminServer(core);
  let address: BindAddress | null = null;
  let closing: Promise<boolean> | undefined;

  async function close(graceMs: number): Promise<boolean> {
    core.live.draining = true;
    core.log.info('draining', { inFlight: core.live.inFlight, graceMs });
    const whole = await drain(server, { graceMs, inFlight: () => core.live.inFlight, connections });
    core.upstreams.destroy();
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
      core.upstreams.start();
      const bound = server.address();
      address = { host: wanted.host, port: typeof bound === 'object' && bound ? bound.port : wanted.port };
      const { revision, routes } = core.revision.config;
      core.log.info('listening', { ...address, revision, routes: routes.length });
      return address;
    },
    async adminListen(path) {
      await listenOnUnixSocket(admin.server, path);
      core.log.info('admin API listening', { path });
    },
    replaceConfig: (config) => replaceConfig(core, config),
    upstreams: core.upstreams,
    get address() {
      return address;
    },
    close({ graceMs = GRACE_MS } = {}) {
      closing ??= close(graceMs);
      return closing;
    },
  };
}

/** All of it but what is kept over configurations. */
function buildRevision(config: GatewayConfig): Omit<Revision, 'upstreams'> {
  return {
    config,
    loadedAt: Date.now(),
    proxies: createTrustedProxies(config.trustedProxies),
    redact: createRedaction(config.redact),
    fallbacks: createFallbacks(config.routes),
  };
}

/** Everything that can fail is built before the first line of state changes. */
function replaceConfig(core: Core, config: GatewayConfig): void {
  const built = buildRevision(config);
  core.counters.reconcile(config.routes.map((route) => route.id));
  core.revision = { ...built, upstreams: core.upstreams.reconcile(config.upstreams) };
  core.log.info('configuration replaced', { revision: config.revision, routes: config.routes.length });
}

function createCore(options: GatewayOptions): Core {
  const { config, name = hostname(), hostsFile, log = silentLog, resolveName = createNameResolver() } = options;
  const live: Live = { sequence: 0, inFlight: 0, draining: false };
  const built = buildRevision(config);
  const hosts = createHosts({ file: hostsFile, log });
  const upstreams = createUpstreams({ hosts, resolveName, log, userAgent: `gatehouse-health/${version}` });
  const tap = createTap(config.tap);
  const core: Core = {
    name,
    version,
    startedAt: Date.now(),
    revision: { ...built, upstreams: upstreams.reconcile(config.upstreams) },
    log,
    warnOfUpstream: createLimitedWarning(log, 1_000),
    upstreams,
    hosts,
    deadlines: createDeadlines(),
    upgrades: createUpgrades(),
    tap,
    counters: createCounters(config.routes.map((route) => route.id)),
    metrics: createMetrics({
      inFlight: () => live.inFlight,
      breakerStates: () =>
        [...core.revision.upstreams].map(([upstream, { breaker }]) => [upstream, breaker.snapshot(Date.now()).state]),
      tapLost: () => tap.stats().lost,
    }),
    live,
  };
  return core;
}
