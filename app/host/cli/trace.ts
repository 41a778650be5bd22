// `gatehouse trace [ID]`: one trace as a waterfall, or the newest that fit, asked of the running host.
import { type Command, InvalidArgumentError } from 'commander';
import {
  spanRestSchema,
  type TraceQuery,
  traceIdSchema,
  traceQuerySchema,
  traceSchema,
  traceSearchSchema,
} from '../../contract/index.ts';
import { CommandError, EXIT } from './exitCodes.ts';
import { parseDuration } from './metrics.ts';
import { addDataOptions, type DataOptions } from './options.ts';
import { print, printJson, printSchema } from './terminal.ts';
import { formatSearch, formatTrace } from './traceText.ts';

interface TraceOptions extends DataOptions {
  readonly service?: string;
  readonly route?: string;
  readonly min?: number;
  readonly max?: number;
  readonly error?: true;
  readonly request?: string;
  readonly since: number;
  readonly limit: number;
  readonly span?: string;
  readonly schema?: true;
}

const usualSinceMs = 3_600_000;

export function registerTrace(program: Command): void {
  addDataOptions(program.command('trace').description('one trace as a waterfall, or the newest traces that fit'))
    .argument('[id]', 'a trace id, as logs, the tap and traceparent have it')
    .option('--service <name>', 'with a span of this service')
    .option('--route <route>', "of this route: its id, or its pattern where it begins with '/'")
    .option('--min <ms>', 'that took at least as many milliseconds', parseMs)
    .option('--max <ms>', 'that took at most as many milliseconds', parseMs)
    .option('--error', 'in which a span failed')
    .option('--request <id>', 'of the request with this X-Request-Id')
    .option('--since <duration>', 'that began within the last 15m, 1h, 2d … (default: 1h)', parseDuration, usualSinceMs)
    .option('--limit <n>', 'at most as many, newest first', parseLimit, 20)
    .option('--span <id>', 'of the trace: attributes, events and links of this span, as JSON')
    .option('--schema', 'print the JSON Schema of --json, and ask nobody')
    .addHelpText(
      'after',
      `
Examples:
  gatehouse trace --error --since 15m                 what failed lately
  gatehouse trace --route ai-search --min 500         slow requests of a route
  gatehouse trace 4bf92f3577b34da6a3ce929d0e0e4736    where the time of one request went

Exits with 1 when there is no trace of that id, 3 when nobody keeps traces or they cannot be asked.`,
    )
    .action(runTrace);
}

function parseMs(text: string): number {
  const ms = /^\d{1,8}(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(ms <= 86_400_000)) throw new InvalidArgumentError('give milliseconds, for example 500.');
  return ms;
}

function parseLimit(text: string): number {
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (!(limit >= 1 && limit <= 200)) throw new InvalidArgumentError('give a number from 1 to 200.');
  return limit;
}

export function toQuery({ service, route, min, max, error, request, limit }: TraceOptions): TraceQuery {
  return traceQuerySchema.parse({
    service,
    route,
    minMs: min,
    maxMs: max,
    error: error ?? false,
    requestId: request,
    limit,
  });
}

async function runTrace(id: string | undefined, options: TraceOptions): Promise<void> {
  if (options.span !== undefined && id === undefined)
    throw new CommandError(EXIT.wrongUse, '--span is a span of a trace; name the trace too');
  if (options.schema) {
    printSchema(options.span ? spanRestSchema : id === undefined ? traceSearchSchema : traceSchema);
    return;
  }
  const traceId = id === undefined ? undefined : toTraceId(id);
  const [{ getHost, withHost }, { getEnvironment }] = await Promise.all([
    import('./hostConnection.ts'),
    import('./environmentChoice.ts'),
  ]);
  await withHost(getHost(options.port), async (api) => {
    const environment = await getEnvironment(api, options.environment);
    if (traceId === undefined) {
      const to = Date.now();
      const range = { from: to - options.since, to };
      const found = await api.traces.search.query({ environment, query: toQuery(options), range });
      if (options.json) printJson(found);
      else print(formatSearch(found));
    } else if (options.span !== undefined) {
      printJson(await api.traces.span.query({ environment, traceId, spanId: options.span }));
    } else {
      const trace = await api.traces.detail.query({ environment, traceId });
      if (options.json) printJson(trace);
      else print(formatTrace(trace));
    }
  });
}

function toTraceId(text: string): string {
  const read = traceIdSchema.safeParse(text);
  if (read.success) return read.data;
  throw new CommandError(EXIT.wrongUse, `"${text}" is no trace id: that is up to 32 hexadecimal digits`);
}
