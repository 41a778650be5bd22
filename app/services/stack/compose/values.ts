// Durations, sizes, flags and commands: read as compose reads them, printed as it prints them. Pure.

const unitsNs: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const maxNs = 2n ** 63n - 1n;

/** `1m30s`, `1.5h`, `-5s` or `0`, in nanoseconds; undefined for what is none. */
export function parseDuration(written: string): bigint | undefined {
  const [, sign, rest = ''] = /^([-+]?)(.*)$/.exec(written) ?? [];
  if (rest === '0') return 0n;
  if (!/^((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$/.test(rest)) return undefined;
  let total = 0n;
  for (const [, amount = '', unit = ''] of rest.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    const [whole = '', part = ''] = amount.split('.');
    const size = unitsNs[unit] ?? 0n;
    total += BigInt(whole || '0') * size + (BigInt(part || '0') * size) / 10n ** BigInt(part.length);
  }
  if (total > maxNs) return undefined;
  return sign === '-' ? -total : total;
}

/** As compose prints it: `1m30s`, `1h0m0s`, `1.5ms`, `0s`. */
export function printDuration(ns: bigint): string {
  if (ns === 0n) return '0s';
  const sign = ns < 0n ? '-' : '';
  const size = ns < 0n ? -ns : ns;
  for (const unit of ['ns', 'µs', 'ms'] as const) {
    const next = { ns: 'us', µs: 'ms', ms: 's' }[unit];
    if (size < (unitsNs[next] ?? 0n)) return `${sign}${printParts(size, unitsNs[unit] ?? 1n)}${unit}`;
  }
  const minute = unitsNs.m ?? 1n;
  const hours = size / (minute * 60n);
  const minutes = (size / minute) % 60n;
  const seconds = `${printParts(size % minute, unitsNs.s ?? 1n)}s`;
  if (hours > 0n) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0n ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`;
}

function printParts(size: bigint, unit: bigint): string {
  const digits = unit.toString().length - 1;
  const part = (size % unit).toString().padStart(digits, '0').replace(/0+$/, '');
  return part === '' || digits === 0 ? `${size / unit}` : `${size / unit}.${part}`;
}

const bytesForm = /^(\d+(?:\.\d+)?) ?([bkmgtp])?i?b?$/i;
const powers = 'bkmgtp';

/** `64m`, `1.5 GiB`, `100`: bytes; undefined for what is none. */
export function parseBytes(written: string): bigint | undefined {
  const [, amount, unit = 'b'] = bytesForm.exec(written) ?? [];
  if (amount === undefined || /[^0-9kmgtp]ib?$/i.test(written)) return undefined;
  const size = 1024 ** powers.indexOf(unit.toLowerCase());
  const total = amount.includes('.') ? BigInt(Math.trunc(Number(amount) * size)) : BigInt(amount) * BigInt(size);
  return total <= maxNs ? total : undefined;
}

/** `true`, `yes`, `on`, `y` and their opposites; undefined for any other text. */
export function parseFlag(written: string): boolean | undefined {
  const word = written.toLowerCase();
  if (['y', 'yes', 'true', 'on'].includes(word)) return true;
  return ['n', 'no', 'false', 'off'].includes(word) ? false : undefined;
}

/** The shortest number that is the same in single precision, in which compose keeps fractions. */
export function toSingle(value: number): number {
  const single = Math.fround(value);
  for (let digits = 1; digits < 10; digits += 1) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return short;
  }
  return value;
}

export interface SplitCommand {
  readonly words: readonly string[];
  /** What stands after `;`, `&`, `|`, `<` or `>`: compose drops it without a word. */
  readonly cut?: string;
}

/**
 * Splits as compose does it, which is nearly as a shell would, without running one: quotes, backslashes, `$(…)` and
 * backquotes keep a word together, and variables stay as they are. undefined: a quote or bracket is wrong.
 */
export function splitCommand(command: string): SplitCommand | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < command.length; at += 1) {
    const char = command[at] ?? '';
    if (char === '\\' && quote !== "'") {
      at += 1;
      if (at === command.length) return undefined;
      word = (word ?? '') + command[at];
    } else if (quote) {
      if (char !== quote) word = (word ?? '') + char;
      else {
        // A backquote or bracket is part of the word, a quotation mark is not.
        if (char === '`' || char === ')') word = (word ?? '') + char;
        quote = '';
      }
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (char === '`' || char === '(') {
      if (char === '(' && !word?.endsWith('$')) return undefined;
      quote = char === '(' ? ')' : char;
      word = (word ?? '') + char;
    } else if (';&|<>'.includes(char)) {
      // `2>` names a descriptor and is no word.
      if (word !== undefined && !(char === '>' && /^\d/.test(word))) words.push(word);
      return { words, cut: command.slice(at) };
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + char;
  }
  if (quote) return undefined;
  if (word !== undefined) words.push(word);
  return { words };
}
