// What may stand at a place of a query: found by reading it up to there, without a grammar of its own. Pure.

export type CompletionContext = {
  /** The span that an option takes the place of. */
  readonly from: number;
  readonly to: number;
  /** What is there of it already, up to the place. */
  readonly prefix: string;
} & (
  | { readonly kind: 'expression' }
  | { readonly kind: 'label'; readonly metric: string | null }
  | { readonly kind: 'value'; readonly metric: string | null; readonly label: string; readonly quote: string }
  | { readonly kind: 'duration' }
  | { readonly kind: 'nothing' }
);

interface Reading {
  /** What is open, innermost last, and what stood before it. */
  readonly open: { readonly bracket: string; readonly before: string }[];
  /** Of the string that the place is in: its quote and where its text begins. */
  readonly string: { readonly quote: string; readonly from: number } | null;
  readonly isComment: boolean;
}

const listsLabels = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']);
const word = /[a-zA-Z0-9_:.]/;

export function findCompletionContext(query: string, place: number): CompletionContext {
  const at = Math.min(Math.max(0, place), query.length);
  const reading = read(query, at);
  const nothing = { kind: 'nothing', from: at, to: at, prefix: '' } as const;
  if (reading.isComment) return nothing;
  const innermost = reading.open.at(-1);
  if (reading.string) return inString(query, at, reading) ?? nothing;
  const from = startOfWord(query, at);
  const span = { from, to: endOfWord(query, at), prefix: query.slice(from, at) };
  if (innermost?.bracket === '[') return { ...span, kind: 'duration' };
  if (innermost?.bracket === '{') {
    // Behind an operator there is a string to come, and its quote first.
    return /[=!~]\s*$/.test(query.slice(0, from))
      ? nothing
      : { ...span, kind: 'label', metric: innermost.before || null };
  }
  if (innermost?.bracket === '(' && listsLabels.has(innermost.before)) return { ...span, kind: 'label', metric: null };
  return /^\d/.test(span.prefix) ? nothing : { ...span, kind: 'expression' };
}

function inString(query: string, at: number, { string, open }: Reading): CompletionContext | undefined {
  const innermost = open.at(-1);
  if (!string || innermost?.bracket !== '{') return undefined;
  const label = /([a-zA-Z_][a-zA-Z0-9_]*)\s*(?:=~|!~|!=|=)\s*$/.exec(query.slice(0, string.from - 1))?.[1];
  if (label === undefined) return undefined;
  const { from, quote } = string;
  return {
    kind: 'value',
    metric: innermost.before || null,
    label,
    quote,
    from,
    to: endOfString(query, at, quote),
    prefix: query.slice(from, at),
  };
}

function read(query: string, until: number): Reading {
  const open: { bracket: string; before: string }[] = [];
  let at = 0;
  while (at < until) {
    const character = query[at] ?? '';
    if (character === '#') {
      const end = query.indexOf('\n', at);
      if (end === -1 || end >= until) return { open, string: null, isComment: true };
      at = end;
    } else if (character === '"' || character === "'" || character === '`') {
      const end = endOfString(query, at + 1, character);
      if (end >= until || end >= query.length) {
        return { open, string: { quote: character, from: at + 1 }, isComment: false };
      }
      at = end;
    } else if ('({['.includes(character)) {
      const before = /([a-zA-Z_:][a-zA-Z0-9_:]*)\s*$/.exec(query.slice(0, at))?.[1] ?? '';
      open.push({ bracket: character, before });
    } else if (')}]'.includes(character)) open.pop();
    at += 1;
  }
  return { open, string: null, isComment: false };
}

/** Where the string ends that is open at `at`: its closing quote, or the end of the line or the query. */
function endOfString(query: string, at: number, quote: string): number {
  let end = at;
  while (end < query.length && query[end] !== quote) {
    if (query[end] === '\n' && quote !== '`') break;
    end += query[end] === '\\' && quote !== '`' ? 2 : 1;
  }
  return Math.min(end, query.length);
}

function startOfWord(query: string, at: number): number {
  let from = at;
  while (from > 0 && word.test(query[from - 1] ?? '')) from -= 1;
  return from;
}

function endOfWord(query: string, at: number): number {
  let to = at;
  while (to < query.length && word.test(query[to] ?? '')) to += 1;
  return to;
}
