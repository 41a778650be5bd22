// From a span to the other views: what it was part of, at the time at which it was. Pure.
import type { Span, SpanRest, Trace } from '../../../app/contract/index.ts';
import { around, type PivotMoment, type PivotSubject } from '../../shell/pivot.ts';
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

/** Lines are stamped by the engine when they come: a second more on both sides. */
const LOG_MARGIN_MS = 1000;

/** The lines that services wrote within a stretch of time (epoch ms), of this trace where they name one; none without a service. */
function toLogs(
  label: string,
  services: readonly string[],
  within: { from: number; to: number; trace: string },
): SpanPlace[] {
  if (services.length === 0) return [];
  const from = String(Math.floor(within.from - LOG_MARGIN_MS));
  const to = String(Math.ceil(within.to + LOG_MARGIN_MS));
  return [{ label, view: 'logs', search: { services: services.join(','), from, to, trace: within.trace } }];
}

/** `known`: the services of the project, since a span may be of something else. */
export function toTracePlaces({ traceId, summary, services }: Trace, known: ReadonlySet<string>): SpanPlace[] {
  const { route, requestId, at, durationMs } = summary;
  const own = services.flatMap(({ service }) => toKnownService(service, known) ?? []);
  const exchange: Record<string, string> = requestId === null ? {} : { exchange: requestId };
  return [
    { label: 'The request', view: 'traffic', search: { filter: `trace:${traceId}`, ...exchange } },
    ...(route === null || route.startsWith('/')
      ? []
      : [{ label: `Route ${route}`, view: 'routes' as const, search: { route } }]),
    { label: 'Metrics then', view: 'metrics', search: toRangeSearch(summary) },
    ...toLogs('Logs then', [...new Set(own)], { from: at, to: at + durationMs, trace: traceId }),
  ];
}

export function toSpanPlaces(span: Span, trace: Trace, known: ReadonlySet<string>): SpanPlace[] {
  const { rest } = span;
  const upstream = findText(rest, 'gatehouse.upstream.name');
  const route = findText(rest, 'gatehouse.route.id');
  const request = findText(rest, 'gatehouse.request.id');
  const service = toKnownService(span.service, known);
  const from = trace.summary.at + span.startMs;
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
    ...toLogs(`Logs of ${service}`, service === null ? [] : [service], {
      from,
      to: from + span.durationMs,
      trace: trace.traceId,
    }),
  ];
}

/** For the menu of all other places. */
export function toSpanSubject({ service, rest }: Span, { traceId }: Trace, known: ReadonlySet<string>): PivotSubject {
  const route = findText(rest, 'gatehouse.route.id');
  return { kind: 'span', service: toKnownService(service, known), traceId, route };
}

export function toSpanMoment({ startMs, durationMs }: Span, { summary }: Trace): PivotMoment {
  return around(summary.at + startMs, { before: AROUND_MS, after: durationMs + AROUND_MS });
}

const AROUND_MS = 60_000;

/** Spans call a service `api-gateway` that the compose file calls `api_gateway`. */
export function toKnownService(name: string, known: ReadonlySet<string>): string | null {
  if (known.has(name)) return name;
  const plain = (text: string) => text.toLowerCase().replaceAll(/[-_]/g, '');
  return [...known].find((service) => plain(service) === plain(name)) ?? null;
}
