// The dialect of .env files and `env_file`: quotes, escapes, several lines, `export`, variables. Pure.
import { interpolate, type Lookup } from './interpolate.ts';

export interface DotenvResult {
  readonly variables: Readonly<Record<string, string>>;
  /** Variables that were used and have no value. */
  readonly missing: readonly string[];
}

/** What is wrong and in which line. */
export class DotenvError extends Error {
  override name = 'DotenvError';
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

interface State {
  readonly text: string;
  at: number;
  readonly variables: Map<string, string>;
  readonly missing: string[];
  readonly lookup: Lookup;
}

/**
 * `lookup` knows what was set before the file and wins where a value uses a variable; a name without a value takes it
 * from there. Throws DotenvError.
 */
export function parseDotenv(text: string, lookup: Lookup): DotenvResult {
  const state: State = { text: text.replace(/^\uFEFF/, ''), at: 0, variables: new Map(), missing: [], lookup };
  while (skipToStatement(state)) readStatement(state);
  return { variables: Object.fromEntries(state.variables), missing: state.missing };
}

/** `format: raw`: everything after the first `=` is the value as it stands. */
export function parseRawEnv(text: string, lookup: Lookup): DotenvResult {
  const variables: [string, string][] = [];
  for (const [at, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const trimmed = line.trimStart();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const [name = '', ...rest] = trimmed.split('=');
    if (name === '' || /\s/.test(name)) throw new DotenvError(`"${name}" is no variable name`, at + 1);
    const value = rest.length > 0 ? rest.join('=') : lookup(name);
    if (value !== undefined) variables.push([name, value]);
  }
  return { variables: Object.fromEntries(variables), missing: [] };
}

/** false at the end of the file. */
function skipToStatement(state: State): boolean {
  const [skipped = ''] = /^(?:\s+|#[^\n]*)*/.exec(state.text.slice(state.at)) ?? [];
  state.at += skipped.length;
  return state.at < state.text.length;
}

function readStatement(state: State): void {
  const name = readName(state);
  if (name === undefined) return;
  const quote = state.text[state.at] ?? '';
  const value = quote === '"' || quote === "'" ? readQuoted(state, quote) : readPlain(state);
  state.variables.set(name, value);
}

/** undefined: the name stood alone, and took its value from outside. */
function readName(state: State): string | undefined {
  const rest = state.text.slice(state.at);
  const [whole = '', name = '', end = ''] = /^(?:export[^\S\n]+)?([^=:\n]*)(=|:|\n|$)/.exec(rest) ?? [];
  const trimmed = name.trim();
  const odd = /[^\p{L}\p{N}_.\-[\]\s]/u.exec(trimmed)?.[0];
  if (odd !== undefined) throw failure(state, `"${odd}" is not allowed in the variable name "${shorten(trimmed)}"`);
  if (trimmed === '') throw failure(state, 'a variable without a name');
  if (/\s/.test(trimmed)) throw failure(state, `the variable name "${shorten(trimmed)}" has a space in it`);
  state.at += whole.length;
  if (end === '=' || end === ':') {
    state.at += /^[^\S\n]*/.exec(state.text.slice(state.at))?.[0].length ?? 0;
    return trimmed;
  }
  const inherited = state.lookup(trimmed);
  if (inherited !== undefined) state.variables.set(trimmed, inherited);
  return undefined;
}

/** To the end of the line, without a comment after a space. */
function readPlain(state: State): string {
  const rest = state.text.slice(state.at);
  const [line = ''] = rest.split('\n', 1);
  const [value = ''] = line.split(' #', 1);
  const replaced = replace(value.trimEnd(), state);
  state.at += line.length;
  return replaced;
}

function readQuoted(state: State, quote: string): string {
  const start = state.at;
  let value = '';
  for (let at = start + 1; at < state.text.length; at += 1) {
    const char = state.text[at];
    if (char === '\\' && state.text[at + 1] === quote) {
      value += quote;
      at += 1;
    } else if (char === '\\') {
      value += char + (state.text[at + 1] ?? '');
      at += 1;
    } else if (char === quote) {
      const replaced = quote === '"' ? replace(withoutEscapes(value), state) : value;
      state.at = at + 1;
      requireNothingMore(state);
      return replaced;
    } else value += char;
  }
  throw failure(state, `the quote ${quote} is not closed`);
}

/** Compose reads what stands behind a closing quote as a variable of its own, which nobody means. */
function requireNothingMore(state: State): void {
  const [line = ''] = state.text.slice(state.at).split('\n', 1);
  const more = line.trim();
  if (more !== '' && !more.startsWith('#')) throw failure(state, 'something stands after a closing quote');
}

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  c: '\\c',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '"': '"',
  '\\': '\\',
  // Left for the replacing of variables, which writes a dollar sign so.
  $: '$$',
};

function withoutEscapes(value: string): string {
  return value.replace(/\\([abcfnrtv$"\\]|0\d{0,3})/g, (whole, code: string) => {
    if (code.startsWith('0')) return code.length > 1 ? String.fromCharCode(Number.parseInt(code, 8) & 0xff) : whole;
    return escapes[code] ?? whole;
  });
}

function replace(value: string, state: State): string {
  const lookup: Lookup = (name) => state.lookup(name) ?? state.variables.get(name);
  const { text, missing, fault } = interpolate(value, lookup);
  if (fault !== undefined) throw failure(state, fault);
  state.missing.push(...missing);
  return text;
}

function failure({ text, at }: State, message: string): DotenvError {
  return new DotenvError(message, text.slice(0, at).split('\n').length);
}

/** Values are secrets often enough: a message shows a beginning only. */
function shorten(part: string): string {
  return part.length > 20 ? `${part.slice(0, 20)}…` : part;
}
