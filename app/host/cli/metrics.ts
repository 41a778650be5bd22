// `gatehouse metrics QUERY`: PromQL, asked of the stack's Prometheus by the running host.
import { type Command, InvalidArgumentError } from 'commander';
import {
  leastStepMs,
  type MetricsRange,
  type PromqlAnswer,
  pointLimit,
  promqlAnswerSchema,
} from '../../contract/index.ts';
import { parseDuration as toMs } from '../../services/metrics/promql/duration.ts';
import { CommandError, EXIT } from './exitCodes.ts';
import { addDataOptions, type DataOptions } from './options.ts';
import { coloured, formatTable, print, printJson, printSchema, remark, toPlainText } from './terminal.ts';

interface MetricsOptions extends DataOptions {
  readonly range?: number;
  readonly step?: number;
  readonly schema?: true;
}

export function registerMetrics(program: Command): void {
  addDataOptions(program.command('metrics').description("a query in PromQL, asked of the stack's Prometheus"))
    .argument('[query]', "for example 'sum by (route) (rate(gatehouse_gateway_requests_total[1m]))'")
    .option('--range <duration>', 'over the last 15m, 1h, 2d …, instead of now', parseDuration)
    .option('--step <duration>', 'distance of two points (default: about 240 of them)', parseDuration)
    .option('--schema', 'print the JSON Schema of --json, and ask nobody')
    .addHelpText(
      'after',
      `
Examples:
  gatehouse metrics up                                        what Prometheus scrapes, and whether that answers
  gatehouse metrics 'redis_memory_used_bytes' --range 1h      least, mean, most and last of each series
  gatehouse metrics 'ALERTS{alertstate="firing"}' --json      for a script

Exits with 2 when Prometheus does not take the query, 3 when it cannot be asked.`,
    )
    .action(runMetrics);
}

const usualPoints = 240;

/** As PromQL writes it: `15m`, `1h30m`. Milliseconds. */
export function parseDuration(text: string): number {
  const ms = toMs(text);
  if (ms === null || ms < 1000)
    throw new InvalidArgumentError('write a duration of a second or more as 30s, 15m, 1h30m or 2d.');
  return ms;
}

/** Ends on a multiple of the step, so that two calls have points in common. Throws a CommandError. */
export function toRange({ range, step }: Pick<MetricsOptions, 'range' | 'step'>, now: number): MetricsRange | null {
  if (range === undefined) {
    if (step !== undefined)
      throw new CommandError(EXIT.wrongUse, '--step is the distance of points in time; add --range');
    return null;
  }
  const stepMs = step ?? Math.max(1000, Math.ceil(range / usualPoints / 1000) * 1000);
  if (stepMs > range) throw new CommandError(EXIT.wrongUse, '--step is longer than --range; make it shorter');
  if (range / stepMs > pointLimit - 1) {
    const least = leastStepMs(range) / 1000;
    throw new CommandError(
      EXIT.wrongUse,
      `--range has more than ${pointLimit} points; make --step ${least}s or longer`,
    );
  }
  const to = Math.floor(now / stepMs) * stepMs;
  return { from: to - Math.floor(range / stepMs) * stepMs, to, stepMs };
}

async function runMetrics(query: string | undefined, options: MetricsOptions): Promise<void> {
  if (options.schema) {
    printSchema(promqlAnswerSchema);
    return;
  }
  if (query === undefined) throw new CommandError(EXIT.wrongUse, "which query? write `gatehouse metrics 'up'`");
  const range = toRange(options, Date.now());
  const [{ getHost, withHost }, { getEnvironment }] = await Promise.all([
    import('./hostConnection.ts'),
    import('./environmentChoice.ts'),
  ]);
  const answer = await withHost(getHost(options.port), async (api) => {
    const environment = await getEnvironment(api, options.environment);
    return api.metrics.query.query({ environment, query, range });
  });
  for (const warning of answer.warnings) remark(toPlainText(`warning: ${warning}`));
  if (options.json) printJson(answer);
  else print(formatAnswer(answer));
}

export function formatAnswer(answer: PromqlAnswer): string {
  const { seriesCount } = answer;
  if (seriesCount === 0) return coloured('dim', 'no series: nothing has these names and labels');
  const shown = answer.kind === 'range' ? answer.series.length : answer.samples.length;
  const cut = shown < seriesCount ? `\n${coloured('dim', `${shown} of ${seriesCount} series are shown`)}` : '';
  if (answer.kind === 'instant') {
    const rows = answer.samples.map(({ labels, text }) => [text.padStart(12), formatLabels(labels)]);
    return formatTable(['VALUE'.padStart(12), 'SERIES'], rows) + cut;
  }
  const rows = answer.series.map(({ labels, values }) => {
    const known = values.filter((value) => value !== null);
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    const figures = known.length === 0 ? [] : [least(known), mean, most(known), known.at(-1) ?? 0];
    const cells = Array.from({ length: 4 }, (_, index) => formatNumber(figures[index]).padStart(12));
    return [...cells, `${known.length}`.padStart(6), formatLabels(labels)];
  });
  const titles = ['LEAST', 'MEAN', 'MOST', 'LAST'].map((title) => title.padStart(12));
  return formatTable([...titles, 'POINTS', 'SERIES'], rows) + cut;
}

/** Not by spreading: a series may have eleven thousand points. */
function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b));
}

function most(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b));
}

function formatNumber(value: number | undefined): string {
  return value === undefined ? '-' : String(Number(value.toPrecision(6)));
}

function formatLabels({ __name__ = '', ...labels }: Readonly<Record<string, string>>): string {
  const own = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return own.length === 0 ? __name__ || '{}' : `${__name__}{${own.join(', ')}}`;
}
