// Where questions about traces of one environment are put: to what the operator had this host listen for, else to a Jaeger
// of the stack. What nobody looks at is not asked for.
import {
  GatehouseError,
  type Problem,
  type SpanRest,
  type Trace,
  type TraceQuery,
  type TraceRange,
  type TraceSearch,
  type TraceSourceView,
} from '../../contract/index.ts';
import { withoutRecording } from '../docker/callRecording.ts';
import type { Engine } from '../docker/engine.ts';
import type { ProjectWatch } from '../docker/projectWatch.ts';
import { createLiveValue, follow, isSameJson } from '../stream/liveValue.ts';
import { createWake } from '../stream/wait.ts';
import { findRest, toTrace } from './analysis/toTrace.ts';
import { findJaeger, type JaegerPlace } from './jaeger/jaegerPlace.ts';
import { createJaegerReach, type JaegerReach } from './jaeger/jaegerReach.ts';
import { createJaegerSource } from './jaeger/jaegerSource.ts';
import { createCollectorSource } from './otlp/collectorSource.ts';
import type { OpenCollector } from './otlp/collectors.ts';
import type { TraceSource } from './traceSource.ts';

export interface TraceDesk {
  /** Which source it is and how it is. */
  watchSource(signal: AbortSignal): AsyncGenerator<TraceSourceView>;
  search(query: TraceQuery, range: TraceRange, signal: AbortSignal): Promise<TraceSearch>;
  /** Now, then when there are others. Throws a problem where they cannot be asked for. */
  watch(query: TraceQuery, lengthMs: number, signal: AbortSignal): AsyncGenerator<TraceSearch>;
  detail(traceId: string, signal: AbortSignal): Promise<Trace>;
  span(traceId: string, spanId: string, signal: AbortSignal): Promise<SpanRest>;
  close(): Promise<void>;
}

export interface TraceDeskOptions {
  stack: Pick<ProjectWatch, 'observed' | 'connection'>;
  collectors: { find(): OpenCollector | undefined; onChange(listener: () => void): () => void };
  /** Services that the files say to be a Jaeger. */
  findSaid: () => ReadonlySet<string>;
  openEngine: () => Engine;
  isLocalEngine: () => boolean;
  now: () => number;
}

interface Asked {
  readonly place: JaegerPlace;
  readonly open: OpenCollector | undefined;
  readonly reach: JaegerReach | undefined;
  /** undefined: there is nobody to ask. */
  readonly source: TraceSource | undefined;
  close(): Promise<void>;
}

export function createTraceDesk(options: TraceDeskOptions): TraceDesk {
  const { now } = options;
  const { current, view, show, moved, close } = keepChosen(options);
  const getSource = (): TraceSource => {
    const { source, place } = current();
    if (source) return source;
    throw new GatehouseError(toAbsence(place));
  };
  const search: TraceDesk['search'] = async (query, range, signal) => getSource().search(query, range, signal);

  return {
    async *watchSource(signal) {
      const { reach } = current();
      // Whether it answers is not known before it is asked.
      if (reach?.state.current.state === 'connecting') void reach.ask('/api/services', signal).catch(() => {});
      const timer = setInterval(show, countsEveryMs);
      try {
        yield* follow(view, signal);
      } finally {
        clearInterval(timer);
      }
    },
    search,
    async *watch(query, lengthMs, signal) {
      const wake = createWake();
      moved.add(wake.notify);
      try {
        while (!signal.aborted) {
          const waiting = new AbortController();
          const both = AbortSignal.any([signal, waiting.signal]);
          // Before it is asked, or what comes in between would be told with the one after it.
          const later = current().source?.next(both) ?? Promise.resolve();
          const to = now();
          const found = await search(query, { from: to - lengthMs, to: to + clockSlackMs }, signal);
          yield { ...found, to };
          await Promise.race([later, wake.next(both)]);
          waiting.abort();
        }
      } finally {
        moved.delete(wake.notify);
      }
    },
    async detail(traceId, signal) {
      const source = current().open ? 'collector' : 'jaeger';
      return toTrace(await getSource().find(traceId, signal), source);
    },
    async span(traceId, spanId, signal) {
      const rest = findRest(await getSource().find(traceId, signal), spanId);
      if (rest) return rest;
      throw new GatehouseError({
        code: 'trace-unknown',
        message: `The trace ${traceId} has no span ${spanId}.`,
        remedy: 'Open the trace again: it may have changed.',
      });
    },
    close,
  };
}

/** Who is asked now; chosen anew when the engine says that a Jaeger came or went, and when the host listens or no longer. */
function keepChosen(options: TraceDeskOptions) {
  const { stack, collectors } = options;
  /** Told when somebody else is asked from now on. */
  const moved = new Set<() => void>();
  const closing = new Set<Promise<void>>();
  const show = () => view.set(toView(asked));
  let asked: Asked = choose(options, show);
  const view = createLiveValue<TraceSourceView>(toView(asked), isSameJson);

  const locate = () => {
    if (!isSameJson(findPlace(options), asked.place) || collectors.find() !== asked.open) {
      const ended = asked.close().finally(() => closing.delete(ended));
      closing.add(ended);
      asked = choose(options, show);
      for (const tell of moved) tell();
    }
    show();
  };
  const stop = [stack.observed.onChange(locate), stack.connection.onChange(locate), collectors.onChange(locate)];
  return {
    current: () => asked,
    view,
    show,
    moved,
    async close() {
      for (const end of stop) end();
      await Promise.all([asked.close(), ...closing]);
    },
  };
}

const countsEveryMs = 2000;
/** Spans of a machine whose clock is ahead are among the newest all the same. */
const clockSlackMs = 60_000;

function findPlace({ stack, isLocalEngine, findSaid }: TraceDeskOptions): JaegerPlace {
  return findJaeger({ observed: stack.observed.current, isLocalEngine: isLocalEngine() }, findSaid());
}

/** A Jaeger that nobody asks is not connected to; one that was started anew is another one. */
function choose(options: TraceDeskOptions, onChange: () => void): Asked {
  const { collectors, openEngine, now } = options;
  const place = findPlace(options);
  const open = collectors.find();
  const nothing = { place, open, reach: undefined, close: async () => {} };
  if (open) return { ...nothing, source: createCollectorSource(open.collector, now) };
  if (place.kind !== 'present') return { ...nothing, source: undefined };
  const reach = withoutRecording(() => createJaegerReach({ place, openEngine, now }));
  const stop = reach.state.onChange(onChange);
  return {
    place,
    open,
    reach,
    source: createJaegerSource(reach, now),
    async close() {
      stop();
      await reach.close();
    },
  };
}

function toAbsence(place: JaegerPlace): Problem {
  if (place.kind === 'absent') return { code: 'traces-absent', message: place.reason, remedy: place.remedy };
  return {
    code: 'traces-absent',
    message: 'It is not known yet whether the stack has a Jaeger: the engine has not said what runs.',
    remedy: 'Try again in a moment.',
  };
}

function toView({ place, open, reach }: Asked): TraceSourceView {
  if (open) {
    const collector = open.collector.describe();
    const why = open.isAsked ? 'You had this host listen for spans.' : toAbsence(place).message;
    return {
      kind: 'collector',
      state: 'live',
      detail: `this host, listening at ${collector.endpoint}`,
      reason: why,
      lastSeenAt: null,
      problem: null,
      collector,
      canStop: open.isAsked,
    };
  }
  if (place.kind === 'present') {
    const state = reach?.state.current;
    const several = place.running > 1 ? `; of ${place.running} that run, this one is asked` : '';
    return {
      kind: 'jaeger',
      state: state?.state ?? 'connecting',
      detail: state?.detail ?? 'connecting',
      reason: `${place.service} runs in the project${several}.`,
      lastSeenAt: state?.lastSeenAt ?? null,
      problem: state?.problem ?? null,
      collector: null,
      canStop: false,
    };
  }
  const problem = toAbsence(place);
  return {
    kind: 'none',
    state: place.kind === 'unknown' ? 'connecting' : 'absent',
    detail: 'nobody keeps traces here',
    reason: problem.message,
    lastSeenAt: null,
    problem,
    collector: null,
    canStop: false,
  };
}
