// One trace as a row of the search, and whether it fits a search. Pure.
import type { TraceQuery, TraceSummary } from '../../../contract/index.ts';
import { findAttribute, type RawSpan, type RawTrace } from '../rawSpan.ts';

const servicesShown = 12;

export function toSummary({ traceId, spans }: Pick<RawTrace, 'traceId' | 'spans'>): TraceSummary {
  const ids = new Set(spans.map(({ id }) => id));
  const tops = spans.filter(({ parentId }) => parentId === null || !ids.has(parentId));
  const isWhole = tops.every(({ parentId }) => parentId === null);
  const root = findMainRoot(tops) ?? spans[0];
  const startUs = spans.reduce((least, span) => Math.min(least, span.startUs), Number.POSITIVE_INFINITY);
  const endUs = spans.reduce((most, span) => Math.max(most, span.startUs + span.durationUs), 0);
  const services = countServices(spans);
  const status = root && findAttribute(root.attributes, 'http.response.status_code', 'http.status_code');
  return {
    traceId,
    at: Math.round(startUs) / 1000,
    durationMs: Math.round(endUs - startUs) / 1000,
    root: { service: root?.service ?? '', name: root?.name ?? '' },
    isPartial: !isWhole,
    route: findText(spans, 'gatehouse.route.id') ?? findText(spans, 'http.route'),
    httpStatus: status && Number.isInteger(Number(status)) ? Number(status) : null,
    requestId: findText(spans, 'gatehouse.request.id'),
    spanCount: spans.length,
    errorCount: spans.filter(({ status: one }) => one === 'error').length,
    services: services.slice(0, servicesShown),
    serviceCount: services.length,
  };
}

/** The root of what is shown first: one without a parent before one whose parent is missing, then the longest. */
export function findMainRoot<S extends Pick<RawSpan, 'parentId' | 'durationUs'>>(tops: readonly S[]): S | undefined {
  const rank = ({ parentId }: S) => (parentId === null ? 0 : 1);
  return tops.toSorted((a, b) => rank(a) - rank(b) || b.durationUs - a.durationUs)[0];
}

function countServices(spans: readonly RawSpan[]): TraceSummary['services'] {
  return [...Map.groupBy(spans, ({ service }) => service)]
    .map(([service, own]) => ({
      service,
      spans: own.length,
      errors: own.filter(({ status }) => status === 'error').length,
    }))
    .toSorted((a, b) => b.spans - a.spans || (a.service < b.service ? -1 : 1));
}

function findText(spans: readonly RawSpan[], key: string): string | null {
  for (const { attributes } of spans) {
    const value = findAttribute(attributes, key);
    if (value !== null) return String(value);
  }
  return null;
}

/** Whether a trace fits; the stretch of time is judged apart. */
export function fitsQuery({ spans }: Pick<RawTrace, 'spans'>, summary: TraceSummary, query: TraceQuery): boolean {
  const own = query.service === undefined ? spans : spans.filter(({ service }) => service === query.service);
  if (own.length === 0) return false;
  if (query.error && !own.some(({ status }) => status === 'error')) return false;
  const ms = query.service === undefined ? summary.durationMs : longestOf(own) / 1000;
  if (ms < (query.minMs ?? 0) || ms > (query.maxMs ?? Number.POSITIVE_INFINITY)) return false;
  if (query.requestId !== undefined && !says(spans, 'gatehouse.request.id', query.requestId)) return false;
  return query.route === undefined || says(spans, toRouteKey(query.route), query.route);
}

/** A route is asked for by its id, or by its pattern, which begins with a slash. */
export function toRouteKey(route: string): string {
  return route.startsWith('/') ? 'http.route' : 'gatehouse.route.id';
}

function longestOf(spans: readonly RawSpan[]): number {
  return spans.reduce((longest, { durationUs }) => Math.max(longest, durationUs), 0);
}

function says(spans: readonly RawSpan[], key: string, value: string): boolean {
  return spans.some(({ attributes }) => attributes.some((one) => one.key === key && String(one.value) === value));
}
