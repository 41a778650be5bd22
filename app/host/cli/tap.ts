// `gatehouse tap`: exchanges as they pass the gateway, one a line.
import { Argument, type Command, InvalidArgumentError } from 'commander';
import type { Exchange, TrafficBatch } from '../../contract/index.ts';
import { type ExchangeTest, FILTER_HELP, parseFilterArguments } from './exchangeFilter.ts';
import { EXIT } from './exitCodes.ts';
import type { Api } from './hostConnection.ts';
import { addDataOptions, type DataOptions } from './options.ts';
import { type Cell, coloured, formatRow, print, remark, shorten, toJson } from './terminal.ts';

interface TapOptions extends DataOptions {
  backfill: number;
  count?: number;
}

const HEADER = ['TIME', 'STATUS', 'METHOD', 'MS', 'ROUTE', 'PATH', 'NOTE'];
const WIDTHS = [12, 7, 6, 8, 18, 48];

export function registerTap(program: Command): void {
  addDataOptions(program.command('tap').description('requests as they pass the gateway, live; Ctrl-C ends'))
    .addArgument(new Argument('[filter...]', 'words such as status:5xx route:ai-search ms>500'))
    .option('--backfill <n>', 'start with the last n that the gateway keeps', parseCount, 0)
    .option('--count <n>', 'end after n rows', parseCount)
    .addHelpText('after', FILTER_HELP)
    .action(runTap);
}

function parseCount(text: string): number {
  const count = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (!(count <= 5000)) throw new InvalidArgumentError('give a number from 0 to 5000.');
  return count;
}

async function runTap(words: string[], options: TapOptions): Promise<void> {
  const accepts = parseFilterArguments(words);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(EXIT.fine));
  const [{ getHost, withHost }, { getEnvironment }] = await Promise.all([
    import('./hostConnection.ts'),
    import('./environmentChoice.ts'),
  ]);
  await withHost(getHost(options.port), async (api) => {
    const environment = await getEnvironment(api, options.environment);
    if (!options.json) print(coloured('dim', formatRow(HEADER, WIDTHS)));
    await follow(api, environment, accepts, options);
  });
}

/** What may wait for a reader that is slower than the gateway (a pager that is not scrolled). */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

function follow(api: Api, environment: string, accepts: ExchangeTest, options: TapOptions): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let missed = 0;
  let left = options.count ?? Number.POSITIVE_INFINITY;
  const onData = ({ exchanges, lost }: TrafficBatch) => {
    if (process.stdout.writableLength > MAX_WAITING_BYTES) {
      missed += lost + exchanges.length;
      return;
    }
    if (missed + lost > 0) remark(`… ${missed + lost} exchanges lost: what reads them was too slow`);
    missed = 0;
    for (const exchange of exchanges.filter(accepts)) {
      if (left <= 0) break;
      print(options.json ? toJson(exchange) : formatExchange(exchange));
      left -= 1;
    }
    if (left <= 0) resolve();
  };
  const input = { environment, backfill: options.backfill };
  const subscription = api.traffic.watch.subscribe(input, { onData, onError: reject, onComplete: resolve });
  return promise.finally(() => subscription.unsubscribe());
}

function formatExchange(exchange: Exchange): string {
  return formatRow(
    [
      new Date(exchange.at).toISOString().slice(11, 23),
      statusCell(exchange.status),
      exchange.method,
      exchange.durationMs.toFixed(1).padStart(8),
      shorten(exchange.route ?? '-', 18),
      shorten(exchange.path, 48),
      [exchange.code, exchange.note].filter((part) => part !== null).join(': '),
    ],
    WIDTHS,
  );
}

function statusCell(status: number | null): Cell {
  if (status === null) return { text: 'aborted', style: 'gray' };
  const text = String(status);
  if (status >= 500) return { text, style: 'red' };
  return { text, style: status >= 400 ? 'yellow' : 'green' };
}
