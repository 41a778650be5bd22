// A Jaeger as a source of traces: asked service by service, its answers merged, judged and never more than was asked for.
import type { TraceQuery, TraceRange, TraceSummary } from '../../../contract/index.ts';
import { inTurns } from '../../stream/inTurns.ts';
import { wait } from '../../stream/wait.ts';
import { fitsQuery, toSummary } from '../analysis/summarise.ts';
import { type RawTrace, toTraceId } from '../rawSpan.ts';
import { servicesShown, type TraceSource, unknownTrace } from '../traceSource.ts';
import { readNames, readTraces } from './jaegerAnswers.ts';
import { type JaegerQuestion, servicesAsked, toQuestions } from './jaegerQuery.ts';
import type { JaegerReach } from './jaegerReach.ts';

const askedAtOnce = 4;
const newestEveryMs = 10_000;
/** From a trace to the attributes of its spans is a click. */
const tracesKept = 4;
const keptMs = 60_000;

export function createJaegerSource(reach: Pick<JaegerReach, 'ask'>, now: () => number): TraceSource {
  const kept = new Map<string, { at: number; trace: RawTrace }>();
  const keep = (id: string, trace: RawTrace) => {
    kept.delete(id);
    kept.set(id, { at: now(), trace });
    for (const [oldest, { at }] of kept) if (kept.size > tracesKept || now() - at > keptMs) kept.delete(oldest);
  };
  return {
    async search(query, range, signal) {
      const services = readNames(await reach.ask('/api/services', signal));
      const questions = toQuestions(query, range, services);
      const answers = await inTurns(questions, askedAtOnce, async (question) => ({
        question,
        traces: readTraces(await reach.ask(question.target, signal)),
      }));
      const { traces, notes } = merge(answers, { query, range, services });
      return {
        at: now(),
        ...range,
        traces,
        isPartial: notes.length > 0,
        notes,
        services: services.slice(0, servicesShown),
      };
    },
    async find(traceId, signal) {
      const id = toTraceId(traceId);
      const known = kept.get(id);
      // A trace that is still being made is asked for again; from one to its spans it is the same.
      if (known && now() - known.at < newestEveryMs) return known.trace;
      const [trace] = readTraces(await reach.ask(`/api/traces/${id}`, signal));
      if (!trace) throw unknownTrace(id, 'Jaeger');
      keep(id, trace);
      return trace;
    },
    next: (signal) => wait(newestEveryMs, signal),
  };
}

interface Answer {
  readonly question: JaegerQuestion;
  readonly traces: readonly RawTrace[];
}

function merge(
  answers: readonly Answer[],
  { query, range, services }: { query: TraceQuery; range: TraceRange; services: readonly string[] },
): { traces: TraceSummary[]; notes: string[] } {
  const distinct = new Map(answers.flatMap(({ traces }) => traces.map((trace) => [trace.traceId, trace] as const)));
  const fitting = [...distinct.values()]
    .map((trace) => ({ trace, summary: toSummary(trace) }))
    .filter(({ summary }) => summary.at >= range.from && summary.at <= range.to)
    .filter(({ trace, summary }) => fitsQuery(trace, summary, query))
    .map(({ summary }) => summary)
    .toSorted((a, b) => b.at - a.at);
  const full = answers.filter(({ question, traces }) => traces.length >= question.limit);
  const unasked = answers.length > 1 ? services.length - servicesAsked : 0;
  const notes = [
    fitting.length > query.limit && `These are the newest ${query.limit}; there are more in this time.`,
    full.length > 0 &&
      `Jaeger gave as many traces as were asked for of ${full.map(({ question }) => question.service).join(', ')}; older ones may be missing.`,
    unasked > 0 && `${unasked} services were not asked; name the one that is meant.`,
  ].filter((note) => typeof note === 'string');
  return { traces: fitting.slice(0, query.limit), notes };
}
