// The words by which exchanges are filtered, in Traffic and by `gatehouse tap`: all must hold. Pure: text → tokens → test.
import { toNote } from './exchangeNote.ts';
import { type FilterWord, splitField, splitFilterWords } from './filterWords.ts';
import type { Exchange } from './shapes/gateway.ts';

export type ExchangeTest = (exchange: Exchange) => boolean;

/** One word, and what is made of it. */
export interface FilterToken extends FilterWord {
  kind: 'field' | 'text' | 'invalid';
  /** Why an invalid token does not count. */
  problem: string | null;
}

export interface ExchangeFilter {
  tokens: FilterToken[];
  /** Whether an exchange passes. Invalid tokens do not count. */
  matches: ExchangeTest;
  /** Nothing is filtered out. */
  isEmpty: boolean;
}

/** Fields that hold text; a value matches where it is contained, whatever the case. */
const textFields: Record<string, (exchange: Exchange) => string | null> = {
  route: (exchange) => exchange.route,
  upstream: (exchange) => exchange.upstream,
  method: (exchange) => exchange.method,
  code: (exchange) => exchange.code,
  path: (exchange) => exchange.path,
  host: (exchange) => exchange.host,
  client: (exchange) => exchange.client,
  breaker: (exchange) => exchange.breaker,
  trace: (exchange) => exchange.traceId,
  gateway: (exchange) => exchange.gateway,
};

/** Each field with what it takes, in the order in which they are offered. */
export const exchangeFilterFields: readonly { field: string; hint: string }[] = [
  { field: 'status:', hint: '5xx, 404, 429, aborted' },
  { field: 'route:', hint: 'a route’s id' },
  { field: 'ms>', hint: 'slower than, in milliseconds' },
  { field: 'method:', hint: 'GET, POST …' },
  { field: 'upstream:', hint: 'a service behind the gateway' },
  { field: 'code:', hint: 'why the gateway itself answered' },
  { field: 'breaker:', hint: 'closed, open, half-open' },
  { field: 'client:', hint: 'a caller’s address' },
  { field: 'path:', hint: 'part of the path' },
  { field: 'demo:', hint: 'yes, no' },
  { field: 'replay:', hint: 'yes, no' },
  { field: 'trace:', hint: 'a trace’s id' },
  { field: 'host:', hint: 'the host that was asked for' },
  { field: 'gateway:', hint: 'one of several gateways' },
];

/** Never throws: a word that means nothing is a token that says why. */
export function parseExchangeFilter(text: string): ExchangeFilter {
  const tests: ExchangeTest[] = [];
  const tokens = splitFilterWords(text).map((word): FilterToken => {
    const parsed = parseWord(word);
    if ('problem' in parsed) return { ...word, kind: 'invalid', problem: parsed.problem };
    const { test } = parsed;
    tests.push(word.negated ? (exchange) => !test(exchange) : test);
    return { ...word, kind: parsed.kind, problem: null };
  });
  return { tokens, isEmpty: tests.length === 0, matches: (exchange) => tests.every((test) => test(exchange)) };
}

type ParsedWord = { kind: 'field' | 'text'; test: ExchangeTest } | { problem: string };

function parseWord(word: FilterWord): ParsedWord {
  if (!word.quoted && /^ms\s*[<>]/i.test(word.text)) return parseDuration(word.text);
  const split = splitField(word);
  if (!split) return { kind: 'text', test: toTextTest(word.text) };
  const { field, value } = split;
  if (value === '') return { problem: `${field}: has no value yet` };
  if (field === 'status') return parseStatus(value);
  if (field === 'demo') return parseYesNo(field, value, ({ demo }) => demo);
  if (field === 'replay') return parseYesNo(field, value, ({ replayOf }) => (replayOf ?? null) !== null);
  const read = Object.hasOwn(textFields, field) ? textFields[field] : undefined;
  if (!read) return { problem: `there is no field ${field}; in quotes it is looked for as text` };
  const wanted = value.toLowerCase();
  return { kind: 'field', test: (exchange) => (read(exchange) ?? '').toLowerCase().includes(wanted) };
}

function toTextTest(text: string): ExchangeTest {
  const wanted = text.toLowerCase();
  return (exchange) =>
    exchange.path.toLowerCase().includes(wanted) ||
    (exchange.route ?? '').toLowerCase().includes(wanted) ||
    (exchange.upstream ?? '').toLowerCase().includes(wanted) ||
    toNote(exchange).toLowerCase().includes(wanted);
}

function parseStatus(value: string): ParsedWord {
  const wanted = value.toLowerCase();
  if (wanted === 'aborted') return { kind: 'field', test: (exchange) => exchange.status === null };
  if (/^[1-5]xx$/.test(wanted)) {
    const hundreds = Number(wanted[0]);
    return { kind: 'field', test: ({ status }) => status !== null && Math.floor(status / 100) === hundreds };
  }
  if (/^[1-5]\d\d$/.test(wanted)) return { kind: 'field', test: ({ status }) => status === Number(wanted) };
  return { problem: 'status takes 5xx, a number like 404, or aborted' };
}

function parseYesNo(field: string, value: string, is: ExchangeTest): ParsedWord {
  const wanted = value.toLowerCase();
  if (wanted !== 'yes' && wanted !== 'no') return { problem: `${field} takes yes or no` };
  return { kind: 'field', test: (exchange) => is(exchange) === (wanted === 'yes') };
}

function parseDuration(text: string): ParsedWord {
  const [, operator, limitText] = /^ms(<=|>=|<|>)(\d+(?:\.\d+)?)$/i.exec(text) ?? [];
  if (!operator || !limitText) return { problem: 'ms takes a number, for example ms>500' };
  const limit = Number(limitText);
  const tests: Record<string, ExchangeTest> = {
    '<': ({ durationMs }) => durationMs < limit,
    '<=': ({ durationMs }) => durationMs <= limit,
    '>': ({ durationMs }) => durationMs > limit,
    '>=': ({ durationMs }) => durationMs >= limit,
  };
  return { kind: 'field', test: tests[operator] ?? (() => true) };
}
