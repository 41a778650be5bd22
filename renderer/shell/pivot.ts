// From anything that is looked at to everything else at the same moment, with the stretch of time carried along. Pure.
import { stringifySearch } from './searchText.ts';

export type PivotSubject =
  | {
      kind: 'request';
      id: string;
      method: string;
      path: string;
      route: string | null;
      upstream: string | null;
      service: string | null;
      traceId: string | null;
    }
  | { kind: 'route'; route: string; upstream: string | null }
  | { kind: 'breaker'; upstream: string; routes: readonly string[]; service: string | null }
  | { kind: 'container'; service: string; upstream: string | null; routes: readonly string[] }
  | { kind: 'log'; service: string; traceId: string | null }
  /** `service` is null where the project has none of that name. */
  | { kind: 'span'; service: string | null; traceId: string; route: string | null }
  | { kind: 'metric'; route: string | null; upstream: string | null; service: string | null };

/** Epoch ms. `at` is the moment itself, where there is one; the stretch around it is what a chart or a log shows. */
export interface PivotMoment {
  at: number | null;
  from: number;
  to: number;
}

export interface Pivot {
  view: string;
  label: string;
  /** Below `/env/ENVIRONMENT`. */
  path: string;
  search: Readonly<Record<string, string>>;
}

/** What a subject says about where to look. */
interface Clues {
  request: string | null;
  /** `METHOD path`, for Explain. */
  asked: string | null;
  routes: readonly string[];
  upstream: string | null;
  service: string | null;
  traceId: string | null;
}

const noClues: Clues = { request: null, asked: null, routes: [], upstream: null, service: null, traceId: null };

function toClues(subject: PivotSubject): Clues {
  switch (subject.kind) {
    case 'request': {
      const { id, method, path, route, upstream, service, traceId } = subject;
      const routes = route === null ? [] : [route];
      return { request: id, asked: `${method} ${path}`, routes, upstream, service, traceId };
    }
    case 'route':
      // An upstream is called like its service, unless the configuration says otherwise.
      return { ...noClues, routes: [subject.route], upstream: subject.upstream, service: subject.upstream };
    case 'breaker':
      return { ...noClues, routes: subject.routes, upstream: subject.upstream, service: subject.service };
    case 'container':
      return { ...noClues, routes: subject.routes, upstream: subject.upstream, service: subject.service };
    case 'log':
      return { ...noClues, service: subject.service, traceId: subject.traceId };
    case 'span':
      return {
        ...noClues,
        routes: subject.route === null ? [] : [subject.route],
        service: subject.service,
        traceId: subject.traceId,
      };
    case 'metric':
      return {
        ...noClues,
        routes: subject.route === null ? [] : [subject.route],
        upstream: subject.upstream,
        service: subject.service,
      };
  }
}

/** Around a moment: what led to it takes longer than what follows. */
export function around(at: number, { before = 120_000, after = 60_000 } = {}): PivotMoment {
  return { at, from: at - before, to: at + after };
}

/** Lengths that the charts offer, as their addresses call them. */
const lengths: readonly (readonly [name: string, ms: number])[] = [
  ['5m', 5 * 60_000],
  ['15m', 15 * 60_000],
  ['1h', 3_600_000],
  ['6h', 6 * 3_600_000],
  ['24h', 24 * 3_600_000],
];

/**
 * In the order of a search for a cause. `paths` are those of the router: what has no view is not offered. The view of the
 * subject itself is left out.
 */
export function toPivots(subject: PivotSubject, moment: PivotMoment, paths: readonly string[]): Pivot[] {
  const clues = toClues(subject);
  const own = ownViews[subject.kind];
  return makers
    .flatMap((make) => make(clues, moment) ?? [])
    .filter(({ view, path }) => view !== own && exists(path, paths));
}

/** The address of a pivot in an environment. */
export function toPivotAddress(environment: string, { path, search }: Pivot): string {
  return `/env/${environment}/${path}${stringifySearch(search)}`;
}

const ownViews: Partial<Record<PivotSubject['kind'], string>> = {
  request: 'request',
  route: 'routes',
  breaker: 'breakers',
  container: 'services',
  log: 'logs',
  span: 'trace',
};

type Maker = (clues: Clues, moment: PivotMoment) => Pivot | null;

const makers: readonly Maker[] = [
  ({ request }) =>
    request === null ? null : { view: 'request', label: 'The request', path: 'traffic', search: { exchange: request } },
  ({ traceId, routes, upstream, service }) => {
    const word = traceId
      ? `trace:${traceId}`
      : routes.length === 1
        ? `route:${routes[0]}`
        : upstream
          ? `upstream:${upstream}`
          : null;
    const filter = word ?? (service && routes.length > 0 ? `upstream:${service}` : null);
    return filter === null ? null : { view: 'traffic', label: 'Its requests', path: 'traffic', search: { filter } };
  },
  ({ asked }) =>
    asked === null ? null : { view: 'explain', label: 'Explain it', path: 'routes', search: { explain: asked } },
  ({ routes: [route] }) =>
    route === undefined ? null : { view: 'routes', label: `Route ${route}`, path: 'routes', search: { route } },
  ({ upstream }) =>
    upstream === null
      ? null
      : { view: 'breakers', label: `Breaker of ${upstream}`, path: 'breakers', search: { upstream } },
  ({ service }) =>
    service === null
      ? null
      : { view: 'services', label: `Container of ${service}`, path: 'services', search: { service } },
  // Without a service, those of all of them.
  ({ service, traceId }, moment) => ({
    view: 'logs',
    label: 'Log lines then',
    path: 'logs',
    search: {
      ...(service ? { services: service } : {}),
      ...(traceId ? { trace: traceId } : {}),
      ...toStretch(moment),
    },
  }),
  ({ traceId }) =>
    traceId === null ? null : { view: 'trace', label: 'Its trace', path: 'traces', search: { trace: traceId } },
  ({ traceId, service, routes: [route] }, moment) =>
    traceId !== null || (service === null && route === undefined)
      ? null
      : {
          view: 'traces',
          label: 'Traces then',
          path: 'traces',
          search: { filter: toTraceWords(service, route), ...toRangeSearch(moment) },
        },
  ({ routes, service }, moment) => ({
    view: 'metrics',
    label: 'Metrics then',
    path: 'metrics',
    search: { ...(routes.length === 0 && service ? { show: 'containers' } : {}), ...toRangeSearch(moment) },
  }),
  ({ service }) =>
    service === null ? null : { view: 'topology', label: 'In the topology', path: 'topology', search: { service } },
  ({ service, upstream }) => ({
    view: 'timeline',
    label: 'What happened',
    path: 'timeline',
    search: { ...((service ?? upstream) ? { filter: service ?? upstream ?? '' } : {}) },
  }),
];

/** As the filter of Traces has them. */
function toTraceWords(service: string | null, route: string | undefined): string {
  return [service && `service:${service}`, route && `route:${route}`].filter(Boolean).join(' ');
}

/** Whole milliseconds: addresses hold digits. */
function toStretch({ at, from, to }: PivotMoment): Record<string, string> {
  return {
    from: String(Math.round(from)),
    to: String(Math.round(to)),
    ...(at === null ? {} : { at: String(Math.round(at)) }),
  };
}

/** The shortest length that the charts offer and that holds the stretch, ending with it. */
function toRangeSearch({ from, to }: PivotMoment): Record<string, string> {
  const [range] = lengths.find(([, ms]) => ms >= to - from) ?? lengths.at(-1) ?? ['24h'];
  return { range, until: String(Math.round(to)) };
}

/** Whether the router has a view there; a segment that begins with $ stands for any. */
function exists(path: string, paths: readonly string[]): boolean {
  const wanted = path.split('/');
  return paths.some((known) => {
    const segments = known
      .replace(/^\/env\/\$environment\//, '')
      .replace(/\/$/, '')
      .split('/');
    return (
      segments.length === wanted.length && segments.every((one, place) => one.startsWith('$') || one === wanted[place])
    );
  });
}
