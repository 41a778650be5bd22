// From a span to the other views: what it was part of, at the time at which it was. Pure.
import type { Span, SpanRest, Trace } from '../../../app/contract/index.ts';
import type { ViewName } from '../../shell/views.ts';

export interface SpanPlace {
  readonly label: string;
  readonly view: ViewName;
  readonly search: Record<string, string>;
}

export function findText(rest: SpanRest | null, ...keys: string[]): string | null {
  for (const key of keys) {
    const found = rest?.attributes.find((attribute) => attribute.key === key);
    if (found) return String(found.value);
  }
  return null;
}

/** The time around a trace, for views that share the range of Metrics. */
export function toRangeSearch({ at, durationMs }: Trace['summary']): Record<string, string> {
  return { range: '5m', until: String(Math.ceil(at + durationMs) + 120_000) };
}

export function toTracePlaces({ traceId, summary }: Trace): SpanPlace[] {
  const { route, requestId } = summary;
  const exchange: Record<string, string> = requestId === null ? {} : { exchange: requestId };
  return [
    { label: 'The request', view: 'traffic', search: { filter: `trace:${traceId}`, ...exchange } },
    ...(route === null || route.startsWith('/')
      ? []
      : [{ label: `Route ${route}`, view: 'routes' as const, search: { route } }]),
    { label: 'Metrics then', view: 'metrics', search: toRangeSearch(summary) },
  ];
}

/** `known`: the services of the project, since a span may be of something else. */
export function toSpanPlaces(span: Span, trace: Trace, known: ReadonlySet<string>): SpanPlace[] {
  const { rest } = span;
  const upstream = findText(rest, 'gatehouse.upstream.name');
  const route = findText(rest, 'gatehouse.route.id');
  const request = findText(rest, 'gatehouse.request.id');
  const service = toKnownService(span.service, known);
  return [
    ...(request === null
      ? []
      : [
          {
            label: 'This request',
            view: 'traffic' as const,
            search: { filter: `trace:${trace.traceId}`, exchange: request },
          },
        ]),
    ...(route === null ? [] : [{ label: `Route ${route}`, view: 'routes' as const, search: { route } }]),
    ...(upstream === null ? [] : [{ label: `Breaker ${upstream}`, view: 'breakers' as const, search: { upstream } }]),
    ...(service === null ? [] : [{ label: `Service ${service}`, view: 'services' as const, search: { service } }]),
    { label: 'Metrics then', view: 'metrics', search: toRangeSearch(trace.summary) },
  ];
}

/** Spans call a service `api-gateway` that the compose file calls `api_gateway`. */
export function toKnownService(name: string, known: ReadonlySet<string>): string | null {
  if (known.has(name)) return name;
  const plain = (text: string) => text.toLowerCase().replaceAll(/[-_]/g, '');
  return [...known].find((service) => plain(service) === plain(name)) ?? null;
}
