// The host's own collector as a source of traces.
import { createWake, wait } from '../../stream/wait.ts';
import { fitsQuery } from '../analysis/summarise.ts';
import { toTraceId } from '../rawSpan.ts';
import { servicesShown, type TraceSource, unknownTrace } from '../traceSource.ts';
import type { Collector } from './collector.ts';

/** Spans of one request come in several messages; a list that changes more often cannot be read. */
const gatherMs = 1000;

export function createCollectorSource(collector: Collector, now: () => number): TraceSource {
  const { ring } = collector;
  return {
    async search(query, { from, to }) {
      const traces = [];
      let isCut = false;
      for (const { trace, summary } of ring.list({ from, to })) {
        if (!fitsQuery(trace, summary, query)) continue;
        isCut = traces.length === query.limit;
        if (isCut) break;
        traces.push(summary);
      }
      const notes = isCut ? [`These are the newest ${query.limit}; there are more in this time.`] : [];
      if (ring.counts.droppedTraces > 0 && !isCut)
        notes.push('Older traces had to go for newer ones: what is kept is bounded.');
      const services = ring.services().slice(0, servicesShown);
      return { at: now(), from, to, traces, isPartial: notes.length > 0, notes, services };
    },
    async find(traceId) {
      const trace = ring.find(toTraceId(traceId));
      if (!trace) throw unknownTrace(traceId, 'The collector of this host');
      return trace;
    },
    async next(signal) {
      const wake = createWake();
      const stop = collector.onSpans(wake.notify);
      try {
        await wake.next(signal);
        await wait(gatherMs, signal);
      } finally {
        stop();
      }
    },
  };
}
