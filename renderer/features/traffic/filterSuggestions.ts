// What can be typed next in the filter. Pure: the word at the end of the text and the values seen → suggestions.
import { type Exchange, exchangeFilterFields } from '../../../app/contract/index.ts';

export interface Suggestion {
  /** The word with which the draft is replaced. */
  word: string;
  hint: string;
  /** The word is complete; otherwise a value follows. */
  complete: boolean;
}

export interface SeenValues {
  routes: readonly string[];
  upstreams: readonly string[];
  methods: readonly string[];
  codes: readonly string[];
  clients: readonly string[];
}

const LIMIT = 9;
const STATUSES = ['5xx', '4xx', '2xx', '3xx', '503', '504', '502', '404', '429', 'aborted'];
const DURATIONS = ['100', '500', '1000', '5000'];

/** `draft` is the word that is being typed. */
export function toSuggestions(draft: string, seen: SeenValues): Suggestion[] {
  const negation = draft.startsWith('!') ? '!' : '';
  const word = draft.slice(negation.length).toLowerCase();
  if (word.startsWith('"')) return [];
  const values = toValues(word, seen);
  if (values) return values.map((value) => ({ ...value, word: `${negation}${value.word}` })).slice(0, LIMIT);
  const fields = exchangeFilterFields.filter(({ field }) => field.startsWith(word) && field !== word);
  return fields.slice(0, LIMIT).map(({ field, hint }) => ({ word: `${negation}${field}`, hint, complete: false }));
}

function toValues(word: string, seen: SeenValues): Suggestion[] | null {
  const [, prefix, typed] = /^([a-z]+:|ms>)(.*)$/.exec(word) ?? [];
  if (prefix === undefined || typed === undefined) return null;
  const known: Record<string, readonly string[]> = {
    'status:': STATUSES,
    'ms>': DURATIONS,
    'route:': seen.routes,
    'upstream:': seen.upstreams,
    'method:': seen.methods,
    'code:': seen.codes,
    'client:': seen.clients,
    'breaker:': ['open', 'half-open', 'closed'],
    'demo:': ['yes', 'no'],
    'replay:': ['yes', 'no'],
  };
  return (known[prefix] ?? [])
    .filter((value) => value.toLowerCase().includes(typed) && value.toLowerCase() !== typed)
    .map((value) => ({ word: `${prefix}${value}`, hint: '', complete: true }));
}

/** How many exchanges are looked through, from the newest, and how many values are offered of each kind. */
const LOOKED_THROUGH = 1000;
const VALUES = 50;

/** The values among exchanges, oldest first, that a filter can name. Values with spaces cannot be typed as one word. */
export function toSeenValues(exchanges: Iterable<Exchange>): SeenValues {
  const newest = [...exchanges].slice(-LOOKED_THROUGH);
  const collect = (read: (exchange: Exchange) => string | null) => {
    const values = new Set<string>();
    for (const exchange of newest) {
      const value = read(exchange);
      if (value && values.size < VALUES && !/[\s"]/.test(value)) values.add(value);
    }
    return [...values].sort();
  };
  return {
    routes: collect(({ route }) => route),
    upstreams: collect(({ upstream }) => upstream),
    methods: collect(({ method }) => method),
    codes: collect(({ code }) => code),
    clients: collect(({ client }) => client),
  };
}
