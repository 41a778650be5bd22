// One open environment: its sources, wired to each other, and what is derived from them.
import type { Demo, Environment, EnvironmentSettings, ServiceKind, Topology } from '../../contract/index.ts';
import { createDemoTraffic, type DemoTraffic } from '../demo/demoTraffic.ts';
import { findDemoObstacle, findDemoTarget } from '../demo/target.ts';
import { isRemote, toPlace } from '../docker/address.ts';
import type { Engine } from '../docker/engine.ts';
import { type ProjectWatch, watchProject } from '../docker/projectWatch.ts';
import { findGatewayPlace } from '../gateway/gatewayPlace.ts';
import { createGatewaySource, type GatewaySource } from '../gateway/gatewaySource.ts';
import type { Journal } from '../history/journal.ts';
import { createMetricsDesk, type MetricsDesk } from '../metrics/metricsDesk.ts';
import { createMetricsHub, type MetricsHub } from '../metrics/metricsHub.ts';
import { findRoles } from '../posture/facts/roles.ts';
import type { LoadedProject } from '../stack/compose/loadProject.ts';
import { toTopology } from '../stack/toTopology.ts';
import { createStatsHub, type StatsHub } from '../stats/statsHub.ts';
import { createLiveValue, isSameJson, type LiveValue } from '../stream/liveValue.ts';
import { createTraceDesk, type TraceDesk, type TraceDeskOptions } from '../traces/traceDesk.ts';
import { createTrafficHub, type TrafficHub } from '../traffic/trafficHub.ts';
import { type ChangesLog, createChangesLog } from './changes.ts';
import type { EngineSource } from './engines.ts';
import { findMode, toFrame } from './frame.ts';
import type { GuardState } from './guard.ts';

export interface LiveEnvironment {
  readonly id: string;
  readonly stack: ProjectWatch;
  readonly topology: LiveValue<Topology | undefined>;
  readonly gateway: GatewaySource;
  readonly traffic: TrafficHub;
  readonly metrics: MetricsHub;
  readonly metricsDesk: MetricsDesk;
  readonly traces: TraceDesk;
  readonly stats: StatsHub;
  readonly demo: DemoTraffic;
  /** The demo's state, and whether it may run here. */
  readonly demoView: LiveValue<Demo>;
  readonly changes: ChangesLog;
  readonly frame: LiveValue<Environment>;
  openEngine(): Engine;
  /** After a change of what it does not see by itself: the guard, the compose file. */
  refresh(): void;
  close(): Promise<void>;
}

export interface LiveEnvironmentOptions {
  id: string;
  project: string;
  engine: EngineSource;
  findDeclared: () => LoadedProject | null;
  findGuard: (mode: Environment['mode']) => GuardState;
  findSettings: () => EnvironmentSettings;
  /** What this host has others send spans to. */
  collectors: TraceDeskOptions['collectors'];
  journal: Journal;
  now: () => number;
}

/** Verdicts name ages; the engine and the gateway push all else. */
const refreshEveryMs = 2000;

export function openEnvironment(options: LiveEnvironmentOptions): LiveEnvironment {
  const { now, engine } = options;
  const openEngine = () => engine.open();
  const stack = watchProject({ openEngine, project: options.project, now });
  const gateway = createGatewaySource({ openEngine, now });
  const traffic = createTrafficHub(gateway);
  const metrics = createMetricsHub(gateway, now);
  const stats = createStatsHub({ stack, openEngine, now });
  const isLocalEngine = () => isOnThisMachine(engine);
  const metricsDesk = createMetricsDesk({ stack, gateway, stats, openEngine, isLocalEngine, now });
  const findSaid = () => findSaidTo('traces', options.findDeclared());
  const { collectors } = options;
  const traces = createTraceDesk({ stack, collectors, findSaid, openEngine, isLocalEngine, now });
  const demo = createDemoTraffic(now);
  const changes = createChangesLog(now, options.journal.add);
  const derive = createDerivation(options, { stack, gateway, metrics, demo });
  const topology = createLiveValue<Topology | undefined>(undefined);
  const initial = derive();
  const frame = createLiveValue<Environment>(initial.frame, isSameJson);
  const demoView = createLiveValue<Demo>(initial.demo, isSameJson);

  const refresh = () => {
    const derived = derive();
    // Before the engine or a compose file has said anything there is no topology, not even an empty one.
    if (derived.isKnown && !isSameTopology(topology.current, derived.topology)) topology.set(derived.topology);
    frame.set(derived.frame);
    demoView.set(derived.demo);
  };

  const soon = createSoon(refresh);
  const locate = () => {
    const { observed, connection } = stack;
    const isOwnSandbox = engine.kind === 'sandbox';
    const services = Object.entries(options.findDeclared()?.project.services ?? {});
    const declared = services.map(([name, { image = '' }]) => ({ name, image }));
    // With the engine gone the containers' states are history; the gateway's own socket still tells the truth.
    gateway.setPlace(findGatewayPlace({ observed: observed.current, declared, reach: engine.gatewayReach }));
    if (connection.current.state === 'lost' && isOwnSandbox) demo.stop();
    soon.ask();
  };
  const disconnect = [
    stack.observed.onChange(locate),
    stack.connection.onChange(locate),
    ...[gateway.connection, gateway.routes, gateway.breakers, metrics.metrics, demo.state].map((live) =>
      (live as LiveValue<unknown>).onChange(soon.ask),
    ),
    ...recordChanges(changes, stack, gateway),
    keepWatchConfirmed(stack, options.journal),
  ];
  const timer = setInterval(refresh, refreshEveryMs);
  locate();

  return {
    id: options.id,
    stack,
    topology,
    gateway,
    traffic,
    metrics,
    metricsDesk,
    traces,
    stats,
    demo,
    demoView,
    changes,
    frame,
    openEngine,
    refresh: locate,
    async close() {
      clearInterval(timer);
      for (const stop of disconnect) stop();
      demo.close();
      traffic.close();
      metrics.close();
      await Promise.all([metricsDesk.close(), traces.close()]);
      await Promise.all([stack.close(), gateway.close()]);
      soon.cancel();
    },
  };
}

/** Services that the files say to be of a kind, whatever their image and name. */
function findSaidTo(kind: ServiceKind, declared: LoadedProject | null): ReadonlySet<string> {
  const roles = findRoles(declared?.project ?? null);
  return new Set([...roles].filter(([, said]) => said === kind).map(([service]) => service));
}

const confirmEveryMs = 30_000;

/** While the engine is heard the journal says that somebody watched. */
function keepWatchConfirmed({ connection }: ProjectWatch, journal: Journal): () => void {
  const confirm = () => {
    if (connection.current.state === 'live') journal.confirmWatched();
  };
  let isLive = false;
  const stop = connection.onChange(({ state }) => {
    if (isLive === (state === 'live')) return;
    isLive = state === 'live';
    if (isLive) journal.confirmWatched();
    else journal.loseSight();
  });
  const timer = setInterval(confirm, confirmEveryMs);
  return () => {
    confirm();
    stop();
    clearInterval(timer);
  };
}

/** A burst of events is one refresh, in the next turn of the event loop. */
function createSoon(work: () => void) {
  let pending: NodeJS.Immediate | undefined;
  return {
    ask() {
      pending ??= setImmediate(() => {
        pending = undefined;
        work();
      });
    },
    cancel: () => clearImmediate(pending),
  };
}

function recordChanges(changes: ChangesLog, stack: ProjectWatch, gateway: GatewaySource): (() => void)[] {
  return [
    gateway.breakers.onChange((breakers) => {
      if (breakers) changes.addBreakers(breakers);
    }),
    gateway.routes.onChange((routes) => {
      if (routes) changes.addRoutes(routes);
    }),
    gateway.onStats(changes.addStats),
    stack.onEvent((event) =>
      changes.addEngineEvent(event, stack.observed.current?.containers.get(event.id)?.outOfMemory ?? false),
    ),
  ];
}

interface Sources {
  stack: ProjectWatch;
  gateway: GatewaySource;
  metrics: MetricsHub;
  demo: DemoTraffic;
}

function createDerivation(options: LiveEnvironmentOptions, { stack, gateway, metrics, demo }: Sources) {
  const { id, project, engine, now } = options;
  return () => {
    const observed = stack.observed.current;
    const declared = options.findDeclared();
    const routes = gateway.routes.current;
    const breakers = gateway.breakers.current;
    const topology = toTopology({
      environment: id,
      project,
      observed,
      isStale: stack.connection.current.state === 'lost',
      declared: declared?.project ?? null,
      gateway: routes ? { routes: routes.routes, breakers: breakers ?? [] } : null,
      now: now(),
    });
    const mode = engine.kind === 'sandbox' ? 'dev' : findMode(filesOf(observed, declared));
    const guard = options.findGuard(mode);
    const settings = options.findSettings();
    const frame = toFrame({
      now: now(),
      id,
      project,
      engineKind: engine.kind,
      place: placeOf(engine),
      mode,
      guard,
      settings,
      engine: stack.connection.current,
      gateway: gateway.connection.current,
      isObserved: observed !== undefined,
      topology,
      routes,
      breakers,
      metrics: metrics.metrics.current,
    });
    const obstacle =
      findDemoObstacle({ engineKind: engine.kind, mode, guard: guard.guard }) ??
      (observed === undefined ? 'The engine has not said yet where the gateway is.' : null) ??
      (findDemoTarget(topology) ? null : 'The gateway publishes no port that this machine can reach.');
    return {
      topology,
      frame,
      isKnown: observed !== undefined || declared !== null,
      demo: { ...demo.state.current, notAllowed: obstacle },
    };
  };
}

function filesOf(observed: ProjectWatch['observed']['current'], declared: LoadedProject | null): string[] {
  for (const { labels } of observed?.containers.values() ?? []) {
    const files = labels['com.docker.compose.project.config_files'];
    if (files) return files.split(',');
  }
  return [...(declared?.files ?? [])];
}

function placeOf(engine: EngineSource): string {
  try {
    return toPlace(engine.findAddress());
  } catch {
    return 'this machine';
  }
}

/** Without an address nothing is published anywhere. */
function isOnThisMachine(engine: EngineSource): boolean {
  try {
    return !isRemote(engine.findAddress());
  } catch {
    return false;
  }
}

/** `at` alone is no change: the observation was confirmed. */
function isSameTopology(a: Topology | undefined, b: Topology): boolean {
  return a !== undefined && isSameJson({ ...a, at: 0 }, { ...b, at: 0 });
}
