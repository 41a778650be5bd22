// The words that `gatehouse tap` filters by: `status:5xx route:ai-search ms>500`. All words must hold.
import type { Exchange } from '../../contract/index.ts';
import { CommandError, EXIT } from './exitCodes.ts';

export type ExchangeFilter = (exchange: Exchange) => boolean;

/** Fields that hold text; a word matches when the value contains it, whatever the case. */
const TEXT_FIELDS: Record<string, (exchange: Exchange) => string | null> = {
  method: ({ method }) => method,
  host: ({ host }) => host,
  path: ({ path }) => path,
  route: ({ route }) => route,
  upstream: ({ upstream }) => upstream,
  code: ({ code }) => code,
  client: ({ client }) => client,
  trace: ({ traceId }) => traceId,
  gateway: ({ gateway }) => gateway,
};

export const FILTER_HELP = `
Words (all must hold; a leading ! turns one round; a bare word is looked for in path, route and upstream):
  status:5xx  status:503  status:aborted  ms>500  ms<=20
  ${Object.keys(TEXT_FIELDS)
    .map((field) => `${field}:…`)
    .join('  ')}`;

/** Throws a CommandError that names the word and the remedy. */
export function parseExchangeFilter(words: readonly string[]): ExchangeFilter {
  const tests = words
    .flatMap((word) => word.split(/\s+/))
    .filter((word) => word !== '')
    .map(parseWord);
  return (exchange) => tests.every((test) => test(exchange));
}

function parseWord(word: string): ExchangeFilter {
  if (word.startsWith('!') && word.length > 1) {
    const test = parseWord(word.slice(1));
    return (exchange) => !test(exchange);
  }
  const [, operator, limit] = /^ms(<=|>=|<|>)(\d+(?:\.\d+)?)$/.exec(word) ?? [];
  if (operator !== undefined) return ({ durationMs }) => compare(durationMs, operator, Number(limit));
  const [, field, value] = /^([a-z]+):(.*)$/s.exec(word) ?? [];
  if (field === undefined || value === undefined) return containsAnywhere(word.toLowerCase());
  if (field === 'status') return parseStatus(value, word);
  const read = Object.hasOwn(TEXT_FIELDS, field) ? TEXT_FIELDS[field] : undefined;
  if (!read || value === '') {
    throw new CommandError(
      EXIT.wrongUse,
      `cannot filter by "${word}"; the fields are status, ms, ${Object.keys(TEXT_FIELDS).join(', ')}`,
    );
  }
  return (exchange) => (read(exchange) ?? '').toLowerCase().includes(value.toLowerCase());
}

function compare(value: number, operator: string, limit: number): boolean {
  if (operator === '>') return value > limit;
  if (operator === '>=') return value >= limit;
  return operator === '<' ? value < limit : value <= limit;
}

function containsAnywhere(text: string): ExchangeFilter {
  return ({ path, route, upstream }) => [path, route, upstream].some((value) => value?.toLowerCase().includes(text));
}

function parseStatus(value: string, word: string): ExchangeFilter {
  if (value === 'aborted') return ({ status }) => status === null;
  if (/^[1-5]xx$/.test(value)) return ({ status }) => String(status ?? '').startsWith(value.charAt(0));
  if (/^[1-5]\d\d$/.test(value)) return ({ status }) => status === Number(value);
  throw new CommandError(EXIT.wrongUse, `cannot filter by "${word}"; write status:503, status:5xx or status:aborted`);
}
