// A search as questions to Jaeger, which wants a service in each, and all conditions of one span. What it cannot be asked
// is judged afterwards, so that each question asks for no less than what fits. Pure.
import type { TraceQuery, TraceRange } from '../../../contract/index.ts';
import { toRouteKey } from '../analysis/summarise.ts';

export interface JaegerQuestion {
  readonly service: string;
  readonly limit: number;
  /** Path with its query. */
  readonly target: string;
}

/** Each question is a request; beyond it the first ones are asked. */
export const servicesAsked = 24;
const othersLimit = 20;
const mostAsked = 400;
/** What is judged afterwards leaves fewer over. */
const surplus = 4;

export function toQuestions(query: TraceQuery, range: TraceRange, services: readonly string[]): JaegerQuestion[] {
  const { tags, spans } = toConditions(query);
  const isJudgedAfterwards = Object.keys(tags).some((key) => key !== 'error');
  const most = Math.min(mostAsked, isJudgedAfterwards ? query.limit * surplus : query.limit);
  const asked = query.service !== undefined && !isJudgedAfterwards ? [query.service] : byLikelihood(services);
  return asked.slice(0, servicesAsked).map((service, place) => {
    // Nearly every trace passes the gateway; of the others what began elsewhere is looked for.
    const limit = place === 0 ? most : Math.min(most, othersLimit);
    const parameters = new URLSearchParams({
      service,
      start: String(range.from * 1000),
      end: String(range.to * 1000),
      limit: String(limit),
      ...spans,
    });
    if (Object.keys(tags).length > 0) parameters.set('tags', JSON.stringify(tags));
    return { service, limit, target: `/api/traces?${parameters}` };
  });
}

/** A tag that names the trace's request or route is on one span alone; error and duration may be those of others. */
function toConditions({ requestId, route, error, minMs, maxMs }: TraceQuery) {
  if (requestId !== undefined) return { tags: { 'gatehouse.request.id': requestId }, spans: {} };
  if (route !== undefined) return { tags: { [toRouteKey(route)]: route }, spans: {} };
  return {
    tags: error ? { error: 'true' } : {},
    spans: {
      ...(minMs === undefined ? {} : { minDuration: `${Math.round(minMs * 1000)}us` }),
      ...(maxMs === undefined ? {} : { maxDuration: `${Math.round(maxMs * 1000)}us` }),
    },
  };
}

function byLikelihood(services: readonly string[]): string[] {
  const rank = (name: string) => (/gateway/i.test(name) ? 0 : /jaeger/i.test(name) ? 2 : 1);
  return services.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}
