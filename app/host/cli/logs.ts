// `gatehouse logs`: what services said, merged by time; then what they say.
import { type Command, InvalidArgumentError } from 'commander';
import {
  type LogBatch,
  type LogFilterInput,
  type LogLine,
  logLevels,
  logLineSchema,
  type NamedColour,
  parseMoment,
  type ShownLevel,
  shownLevelSchema,
  type TextStyle,
} from '../../contract/index.ts';
import { CommandError, EXIT } from './exitCodes.ts';
import type { Api } from './hostConnection.ts';
import { addStackOptions, type StackOptions } from './stackOptions.ts';
import { inStack } from './stackSession.ts';
import { coloured, print, printSchema, remark, toJson, toPlainText } from './terminal.ts';

interface LogsOptions extends StackOptions {
  readonly environment?: string;
  readonly follow?: true;
  readonly since?: number;
  readonly until?: number;
  readonly tail: number;
  readonly level?: ShownLevel[];
  readonly grep?: string;
  readonly extendedRegexp?: true;
  readonly matchCase?: true;
  readonly trace?: string;
  readonly schema?: true;
}

export function registerLogs(program: Command): void {
  addStackOptions(
    program
      .command('logs')
      .description('what services said, all of their containers merged by time')
      .argument('[service...]', 'these alone (default: all)')
      .option('-f, --follow', 'go on with what they say; Ctrl-C ends')
      .option('--since <moment>', '15m (ago), 14:03, 2026-01-02 14:03 (UTC)', parseTime)
      .option('--until <moment>', 'likewise', parseTime)
      .option('-n, --tail <lines>', 'so many of the newest that fit', parseCount, 200)
      .option(
        '--level <level>',
        'error, warn, info or debug: lines of it and graver ones; =warn: just these',
        parseLevels,
      )
      .option('--grep <text>', 'lines with this text')
      .option(
        '-E, --extended-regexp',
        'take --grep as a regular expression, without back references and looking around',
      )
      .option('--match-case', 'with --grep: capital and small letters differ')
      .option('--trace <id>', 'lines of one trace')
      .option('--schema', 'print the JSON Schema of a line of --json, and ask nobody')
      .option('--environment <id>', 'which environment of the running console, instead of --stack and --engine'),
  )
    .addHelpText(
      'after',
      `
--json prints one object a line. Lines that do not say how grave they are have no level: ask for them with
--level warn,unknown.

Examples:
  gatehouse logs search pricing --follow
  gatehouse logs --since 15m --level warn
  gatehouse logs --grep 'timeout after \\d+ ms' -E --since 2h
  gatehouse logs --trace 4bf92f3577b34da6a3ce929d0e0e4736 --json | jq -r .message`,
    )
    .action(runLogs);
}

function parseTime(text: string): number {
  const moment = parseMoment(text, Date.now());
  if (moment === null) throw new InvalidArgumentError("write 15m, 14:03, '2026-01-02 14:03' or RFC 3339.");
  return moment;
}

function parseCount(text: string): number {
  const count = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (!(count <= 5000)) throw new InvalidArgumentError('give a number from 0 to 5000.');
  return count;
}

/** `warn`: it and graver ones; `=warn`, and a list of several: just these. `unknown` may stand beside. Throws InvalidArgumentError. */
export function parseLevels(text: string): ShownLevel[] {
  const isExact = text.startsWith('=');
  const words = (isExact ? text.slice(1) : text).toLowerCase().split(',');
  const known = shownLevelSchema.options.filter((level) => words.includes(level));
  if (words.some((word) => !known.some((level) => level === word)))
    throw new InvalidArgumentError(`write one or more of ${shownLevelSchema.options.join(', ')}.`);
  const [least, ...others] = logLevels.filter((level) => known.includes(level));
  if (isExact || least === undefined || others.length > 0) return known;
  return shownLevelSchema.options.filter(
    (level) => known.includes(level) || (level !== 'unknown' && logLevels.indexOf(level) < logLevels.indexOf(least)),
  );
}

async function runLogs(services: string[], options: LogsOptions): Promise<void> {
  if (options.schema) {
    printSchema(logLineSchema);
    return;
  }
  const filter = toFilter(services, options);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(EXIT.fine));
  const show = (api: Api, environment: string) => follow(api, { environment, filter }, options);
  const { environment } = options;
  if (environment !== undefined) {
    const { getHost, withHost } = await import('./hostConnection.ts');
    await withHost(getHost(options.port), (api) => show(api, environment));
    return;
  }
  await inStack(options, ({ api, files }) => show(api, files.environment));
}

/** Pure. Throws a CommandError. */
export function toFilter(services: readonly string[], options: Partial<LogsOptions>): LogFilterInput {
  const { since, until, level, grep, extendedRegexp, matchCase, trace } = options;
  if (grep === undefined && (extendedRegexp || matchCase))
    throw new CommandError(EXIT.wrongUse, 'there is nothing to search for; add --grep TEXT');
  if (since !== undefined && until !== undefined && since > until)
    throw new CommandError(EXIT.wrongUse, '--since is later than --until; exchange them');
  if (trace !== undefined && !/^(?:[0-9a-f]{16}|[0-9a-f]{32})$/i.test(trace))
    throw new CommandError(EXIT.wrongUse, `"${trace}" is no trace id; it has 16 or 32 hexadecimal digits`);
  return {
    services: [...services],
    levels: level ?? [],
    search: grep ?? '',
    isPattern: extendedRegexp === true,
    matchCase: matchCase === true,
    trace: trace ?? null,
    from: since ?? null,
    to: until ?? null,
  };
}

/** What may wait for a reader that is slower than the services (a pager that is not scrolled). */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

function follow(
  api: Api,
  input: { environment: string; filter: LogFilterInput },
  { tail, json, follow: goesOn }: LogsOptions,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let missed = 0;
  const onData = (batch: LogBatch) => {
    if (process.stdout.writableLength > MAX_WAITING_BYTES) {
      missed += batch.skipped + batch.lines.length;
      return;
    }
    const lost = missed + batch.skipped;
    missed = 0;
    for (const text of toRemarks({ ...batch, skipped: lost })) remark(text);
    for (const line of batch.lines) print(json ? toJson(line) : formatLine(line));
  };
  const subscription = api.logs.follow.subscribe(
    { ...input, tail, follow: goesOn === true },
    { onData, onError: reject, onComplete: resolve },
  );
  return promise.finally(() => subscription.unsubscribe());
}

/** Pure. What a batch says besides its lines. */
export function toRemarks({ skipped, reach, away, unreadable }: LogBatch): string[] {
  const at = (moment: number) => new Date(moment).toISOString().slice(11, 19);
  return [
    ...(reach?.endedBy ? [`… earlier lines may be missing: ${reach.endedBy}`] : []),
    ...(unreadable ?? []).map(({ container, reason }) => `… the log of ${container} cannot be read: ${reason}`),
    ...(away ? [`… the engine could not be read from ${at(away.from)} to ${at(away.to)}`] : []),
    ...(skipped > 0 ? [`… ${skipped} lines lost: what reads them was too slow`] : []),
  ].map(toPlainText);
}

const SERVICE_STYLES = ['cyan', 'magenta', 'blue', 'cyanBright', 'magentaBright', 'blueBright'] as const;
const LEVEL_STYLES = { error: 'red', warn: 'yellow', info: 'dim', debug: 'dim' } as const;
const NAME_WIDTH = 16;

/** Pure. `14:03:29.412 search           error  message field=value`. */
export function formatLine(line: LogLine): string {
  const { at, service, container, level, stream, message, styles, fields, cut, late } = line;
  const place = container.lastIndexOf(service);
  const name = toPlainText(place > 0 ? container.slice(place) : container);
  const word = level ?? (stream === 'stderr' ? 'stderr' : '');
  const rest = fields.map(([key, value]) => ` ${toPlainText(key)}=${toPlainText(value)}`).join('');
  return [
    coloured('dim', at > 0 ? new Date(at).toISOString().slice(11, 23) : '-'.repeat(12)),
    coloured(toServiceStyle(service), name.padEnd(NAME_WIDTH)),
    level ? coloured(LEVEL_STYLES[level], word.padEnd(6)) : word.padEnd(6),
    `${toStyledText(message, styles)}${coloured('dim', `${rest}${cut ? ' … cut at 16 KiB' : ''}${late ? ' (late)' : ''}`)}`,
  ].join(' ');
}

function toServiceStyle(service: string): (typeof SERVICE_STYLES)[number] {
  let sum = 0;
  for (const letter of service) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return SERVICE_STYLES[sum % SERVICE_STYLES.length] ?? 'cyan';
}

const NAMED_STYLES: Partial<Record<NamedColour, Parameters<typeof coloured>[0]>> = {
  red: 'red',
  green: 'green',
  yellow: 'yellow',
  blue: 'blue',
  magenta: 'magenta',
  cyan: 'cyan',
  brightRed: 'redBright',
  brightGreen: 'greenBright',
  brightYellow: 'yellowBright',
  brightBlue: 'blueBright',
  brightMagenta: 'magentaBright',
  brightCyan: 'cyanBright',
};

/** The sixteen names alone, as the terminal has them: what is black or white there may not be seen on its ground. */
function toStyledText(text: string, styles: readonly TextStyle[]): string {
  let styled = '';
  let from = 0;
  for (const { start, end, colour, bold } of styles) {
    const style = NAMED_STYLES[colour as NamedColour] ?? (bold ? 'bold' : undefined);
    const piece = toPlainText(text.slice(start, end));
    styled += toPlainText(text.slice(from, start)) + (style ? coloured(style, piece) : piece);
    from = end;
  }
  return styled + toPlainText(text.slice(from));
}
