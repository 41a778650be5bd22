// Reads the edge's access log through the engine: always where no gateway tells of the traffic, else while somebody looks.
import { type EdgeTraffic, logFilterSchema, type RouteMetrics } from '../../contract/index.ts';
import { withoutRecording } from '../docker/callRecording.ts';
import type { Engine } from '../docker/engine.ts';
import type { ProjectWatch } from '../docker/projectWatch.ts';
import type { GatewaySource } from '../gateway/gatewaySource.ts';
import { followLogs } from '../logs/followLogs.ts';
import { createWhileUsed } from '../metrics/whileUsed.ts';
import { findKind, findRoles } from '../posture/facts/roles.ts';
import type { LoadedProject } from '../stack/compose/loadProject.ts';
import { createLiveValue, follow, type LiveValue } from '../stream/liveValue.ts';
import { parseAccessLine } from './accessLine.ts';
import { createEdgeCourse } from './edgeCourse.ts';
import { createEdgeWindow, type WindowView } from './edgeWindow.ts';

export interface EdgeTrafficSource {
  /** What stands in for the gateway's figures where there is no gateway; undefined where there is no edge either. */
  readonly metrics: LiveValue<RouteMetrics | undefined>;
  /** The edge whose log is read; undefined: there is none. */
  readonly service: LiveValue<string | undefined>;
  /** Reads the log as long as it is followed. */
  watch(signal: AbortSignal): AsyncGenerator<EdgeTraffic>;
  close(): Promise<void>;
}

export interface EdgeTrafficOptions {
  readonly stack: Pick<ProjectWatch, 'observed' | 'connection'>;
  readonly gateway: Pick<GatewaySource, 'connection' | 'onTap'>;
  readonly openEngine: () => Engine;
  readonly findDeclared: () => LoadedProject | null;
  readonly now: () => number;
}

/** As many lines of the past as are read when the log is opened: what happened before the console looked. */
const backfillLines = 5000;
const pushEveryMs = 2000;
/** A line is on its way from nginx over the engine to here. */
const settleMs = 1500;
const lingerMs = 60_000;
const shownLocations = 30;

export function createEdgeTraffic(options: EdgeTrafficOptions): EdgeTrafficSource {
  const { stack, gateway } = options;
  const traffic = createLiveValue<EdgeTraffic | undefined>(undefined);
  const metrics = createLiveValue<RouteMetrics | undefined>(undefined);
  const service = createLiveValue<string | undefined>(findEdge(options)?.service);
  const reader = createWhileUsed(
    (signal) => withoutRecording(() => keepReading(options, { traffic, metrics, service }, signal)),
    lingerMs,
  );
  let release: (() => void) | undefined;
  const locate = () => {
    service.set(findEdge(options)?.service);
    const isNeeded = gateway.connection.current.state === 'absent' && service.current !== undefined;
    if (isNeeded) release ??= reader.hold();
    else {
      release?.();
      release = undefined;
    }
  };
  const stops = [stack.observed.onChange(locate), gateway.connection.onChange(locate)];
  locate();
  return {
    metrics,
    service,
    async *watch(signal) {
      const end = reader.hold();
      try {
        yield* follow(traffic, signal);
      } finally {
        end();
      }
    },
    async close() {
      for (const stop of stops) stop();
      await reader.close();
    },
  };
}

interface Published {
  readonly traffic: { set(value: EdgeTraffic | undefined): void };
  readonly metrics: { set(value: RouteMetrics | undefined): void };
  readonly service: LiveValue<string | undefined>;
}

/** One edge after the other: the log of another service begins anew. */
async function keepReading(options: EdgeTrafficOptions, published: Published, signal: AbortSignal): Promise<void> {
  for await (const name of follow(toNullable(published.service), signal)) {
    const moved = new AbortController();
    const stop = published.service.onChange(() => moved.abort());
    try {
      await readEdge(options, { ...published, name }, AbortSignal.any([signal, moved.signal]));
    } finally {
      stop();
    }
  }
  published.traffic.set(undefined);
  published.metrics.set(undefined);
}

/** `follow` does not yield what is undefined, and nobody is an answer here. */
function toNullable(service: LiveValue<string | undefined>): LiveValue<string | null> {
  return {
    get current() {
      return service.current ?? null;
    },
    onChange: (listener) => service.onChange((name) => listener(name ?? null)),
  };
}

async function readEdge(
  options: EdgeTrafficOptions,
  { name, traffic, metrics }: Published & { name: string | null },
  signal: AbortSignal,
): Promise<void> {
  const { stack, gateway, openEngine, now } = options;
  const course = createEdgeCourse();
  const window = createEdgeWindow();
  let unreadLines = 0;
  let tapSince: number | null = null;
  const isHeard = () => stack.connection.current.state === 'live';
  const push = () => {
    if (isHeard()) course.closeUntil(now() - settleMs);
    else course.loseSight();
    if (gateway.connection.current.state !== 'live') tapSince = null;
    else tapSince ??= now();
    const figures = course.toMetrics(now());
    metrics.set(name === null ? undefined : figures);
    const view = window.toView(now(), tapSince);
    traffic.set(toTraffic({ figures, view, edge: findEdge(options), unreadLines, now: now() }));
  };
  const timer = setInterval(push, pushEveryMs);
  const stopTap = gateway.onTap((event) => {
    if (event.type === 'lost') window.addLost(event.count, now());
    if (event.type === 'exchange') window.addAnswer(event.exchange.id, event.exchange.status, now());
  });
  push();
  try {
    if (name === null) return await ended(signal);
    const filter = logFilterSchema.parse({ services: [name] });
    const place = { openEngine, observed: stack.observed, connection: stack.connection, findKept: () => [], now };
    let isFirst = true;
    for await (const { lines } of followLogs({ ...place, filter, tail: backfillLines, follow: true, signal })) {
      for (const { text, at: said } of lines) {
        const at = said === 0 ? now() : said;
        const record = parseAccessLine(text);
        if (record) {
          course.add(record, at);
          window.addRecord(record, at);
        } else {
          unreadLines += 1;
          window.addOther(text, at);
        }
      }
      // What was there already is shown at once.
      if (isFirst) push();
      isFirst = false;
    }
  } finally {
    clearInterval(timer);
    stopTap();
  }
}

const ended = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

interface TrafficFacts {
  readonly figures: RouteMetrics;
  readonly view: WindowView;
  readonly edge: FoundEdge | undefined;
  readonly unreadLines: number;
  readonly now: number;
}

function toTraffic({ figures, view, edge, unreadLines, now }: TrafficFacts): EdgeTraffic {
  const { samples: _, peakRequestsPerSecond: __, ...total } = figures.total;
  const locations = figures.routes
    .map(({ route, samples: ___, ...rest }) => ({ name: route, ...rest }))
    .filter(({ requestsPerSecond }) => (requestsPerSecond ?? 0) > 0)
    .toSorted((a, b) => (b.requestsPerSecond ?? 0) - (a.requestsPerSecond ?? 0))
    .slice(0, shownLocations);
  return {
    at: now,
    service: edge?.service ?? null,
    standInFor: edge?.standInFor ?? null,
    total,
    locations,
    unreadLines,
    ...view,
    windowMs: figures.windowMs,
  };
}

interface FoundEdge {
  readonly service: string;
  readonly standInFor: string | null;
}

/** The edge by what the files say, else by image and name; the first where there are several. */
function findEdge({ stack, findDeclared }: EdgeTrafficOptions): FoundEdge | undefined {
  const observed = stack.observed.current;
  const roles = findRoles(findDeclared()?.project ?? null);
  const edges = [...(observed?.containers.values() ?? [])].filter(
    ({ service, image, oneOff }) => service !== null && !oneOff && findKind(service, image, roles) === 'edge',
  );
  const [edge] = edges.toSorted((a, b) => (a.service ?? '').localeCompare(b.service ?? '', 'en'));
  if (!edge) return undefined;
  const standIn = observed?.engine.isSandbox ? edge.labels['gatehouse.stand-in'] : undefined;
  return { service: edge.service ?? '', standInFor: standIn?.slice(0, 64) ?? null };
}
