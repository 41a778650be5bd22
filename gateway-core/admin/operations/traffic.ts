// What goes through the gateway: figures, the tap and single exchanges.
import { setImmediate } from 'node:timers/promises';
import { compileFilter, type ExchangeFilter, STATUS_PATTERN } from '../../tap/exchangeFilter.ts';
import type { ExchangeRow } from '../../tap/exchangeRecord.ts';
import { AdminProblem, defineOperation, type Operation } from '../operation.ts';
import { RESUME_PATTERN } from '../resumeToken.ts';
import { streamTap } from '../tapStream.ts';
import { viewStats } from '../views.ts';

const group = 'traffic';

const list = (description: string) =>
  ({
    in: 'query',
    description: `${description} Repeat it for one of several.`,
    schema: { type: 'array', items: { type: 'string', maxLength: 256 } },
  }) as const;

const number = (description: string) => ({ in: 'query', description, schema: { type: 'number', minimum: 0 } }) as const;

const filterParameters = {
  status: {
    in: 'query',
    description: 'A class (5xx), a status (404) or aborted: the caller left. Repeat it for one of several.',
    schema: { type: 'array', items: { type: 'string', pattern: STATUS_PATTERN } },
  },
  route: list('Id of the route.'),
  upstream: list('Upstream, as host or host:port.'),
  method: list('Method.'),
  code: list('Code of the gateway, for example breaker-open.'),
  client: list('Address of the client.'),
  trace: list('Trace id.'),
  path: { in: 'query', description: 'Part of path or query, whatever the case.', schema: { type: 'string' } },
  minMs: number('Took at least this long.'),
  maxMs: number('Took at most this long.'),
  since: number('Began at or after this time, epoch ms.'),
  until: number('Began at or before this time, epoch ms.'),
  protocol: { in: 'query', description: 'Protocol.', schema: { type: 'string', enum: ['http', 'websocket'] } },
  demo: { in: 'query', description: "Whether Gatehouse's demo sent it.", schema: { type: 'boolean' } },
} as const;

/** Rows looked at in one turn of the event loop, by one who searches the whole ring. */
const LOOK_AT = 2_000;

export const trafficOperations: readonly Operation[] = [
  defineOperation({
    method: 'GET',
    path: '/stats',
    id: 'getStats',
    group,
    summary: 'Counters by route since the start',
    isUnversionedToo: true,
    answers: { 200: { description: 'Counters', schema: 'Stats' } },
    handle: ({ core }) => ({ json: viewStats(core) }),
  }),
  defineOperation({
    method: 'GET',
    path: '/metrics',
    id: 'getMetrics',
    group,
    summary: 'Metrics in the text format of Prometheus, as at /metrics of the data port',
    answers: { 200: { description: 'Metrics', type: 'text/plain' } },
    handle: async ({ core }) => ({ text: await core.metrics.render(), type: core.metrics.contentType }),
  }),
  defineOperation({
    method: 'GET',
    path: '/tap',
    id: 'watchExchanges',
    group,
    summary: 'Exchanges as they finish, one line of JSON each',
    description:
      'Lines are {type: exchange, exchange}, {type: lost, count, why: slow or gone}, {type: restarted} and, every 2 s, {type: heartbeat, stats, resume}. After a broken connection, `after` with the resume of the last heartbeat, or with its part before the dash and the sequence of the last exchange, gives what was missed; what is not kept any more is said as lost.',
    isUnversionedToo: true,
    parameters: {
      backfill: {
        in: 'query',
        description: 'Begin with so many of the newest kept exchanges (0).',
        schema: { type: 'integer', minimum: 0, maximum: 999_999 },
      },
      after: { in: 'query', description: 'Where to go on.', schema: { type: 'string', pattern: RESUME_PATTERN } },
      ...filterParameters,
    },
    answers: { 200: { description: 'Lines until somebody goes', type: 'application/x-ndjson', schema: 'TapLine' } },
    handle: ({ core, values: { backfill = 0, after, ...filter } }) => ({
      stream: (res) => streamTap(core, res, { backfill, after, fits: compileFilter(toFilter(filter)) }),
    }),
  }),
  defineOperation({
    method: 'GET',
    path: '/exchanges',
    id: 'findExchanges',
    group,
    summary: 'Kept exchanges that fit a filter, newest first',
    parameters: {
      limit: {
        in: 'query',
        description: 'So many at most (100).',
        schema: { type: 'integer', minimum: 1, maximum: 1_000 },
      },
      before: {
        in: 'query',
        description: 'Only those with a smaller sequence: the last one of the page before.',
        schema: { type: 'integer', minimum: 0 },
      },
      ...filterParameters,
    },
    answers: { 200: { description: 'Exchanges', schema: 'ExchangePage' } },
    handle: async ({ core, values: { limit = 100, before, ...filter } }) => {
      const fits = compileFilter(toFilter(filter)) ?? (() => true);
      const exchanges: ExchangeRow[] = [];
      let looked = 0;
      for (const row of core.tap.newestFirst()) {
        if (before !== undefined && row.sequence >= before) continue;
        if (fits(row)) exchanges.push(row);
        if (exchanges.length === limit) break;
        looked += 1;
        if (looked % LOOK_AT === 0) await setImmediate();
      }
      const next = exchanges.length === limit ? (exchanges.at(-1)?.sequence ?? null) : null;
      return { json: { exchanges, next } };
    },
  }),
  defineOperation({
    method: 'GET',
    path: '/exchanges/{id}',
    id: 'getExchange',
    group,
    summary: 'One kept exchange with its stages, headers and the beginnings of its bodies, redacted',
    isUnversionedToo: true,
    parameters: {
      id: {
        in: 'path',
        description: 'Id of the exchange: its X-Request-Id.',
        required: true,
        schema: { type: 'string', pattern: '^[A-Za-z0-9._-]{1,128}$' },
      },
    },
    answers: {
      200: { description: 'The exchange', schema: 'ExchangeDetail' },
      404: { description: 'It is not kept, or no longer', schema: 'Problem' },
    },
    handle: ({ core, values: { id } }) => {
      const detail = core.tap.find(id);
      if (detail) return { json: detail };
      throw new AdminProblem(404, 'exchange-unknown', { detail: `The exchange "${id}" is not kept, or no longer.` });
    },
  }),
];

/** exactOptionalPropertyTypes: what was not given must not be there at all. */
function toFilter(values: { readonly [Name in keyof ExchangeFilter]?: unknown }): ExchangeFilter {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
