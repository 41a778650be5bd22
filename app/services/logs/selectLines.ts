// A filter → which lines are meant, and where in them the search matches. Whatever is searched for runs on the gateway's
// automaton: V8's regular expressions could be made to run for ever by a pattern that its author did not think through.
import { createLinearPattern, type LinearPattern } from '../../../gateway-core/index.ts';
import { GatehouseError, type LogFilter, type LogLine } from '../../contract/index.ts';

export interface LineSelection {
  /** The line with its hits; undefined: it is not meant. Time and service are left to those who read. */
  select(line: LogLine): LogLine | undefined;
  /** Few lines may fit: who looks for them has to read more. */
  isNarrow: boolean;
}

/** A step costs once a character: with a line of 16 KiB this is some ten milliseconds in the worst case. */
const stepLimit = 200;
const hitLimit = 20;

/** Throws `query-refused` for a pattern that is none, or that cannot be matched in one pass. */
export function createSelection(filter: LogFilter): LineSelection {
  const levels = new Set(filter.levels);
  const trace = filter.trace?.toLowerCase() ?? null;
  const search = filter.search === '' ? null : createSearch(filter);
  return {
    isNarrow: levels.size > 0 || trace !== null || (search !== null && filter.onlyHits),
    select(line) {
      if (levels.size > 0 && !levels.has(line.level ?? 'unknown')) return undefined;
      // A program that calls the id by another name still writes it.
      if (trace !== null && line.traceId !== trace && !line.text.toLowerCase().includes(trace)) return undefined;
      if (search === null) return line;
      const hits = search.isIn(line) ? findHits(search.pattern, line) : null;
      if (hits === null) return filter.onlyHits ? undefined : line;
      return { ...line, isHit: true, hits };
    },
  };
}

interface Search {
  pattern: LinearPattern;
  isIn(line: LogLine): boolean;
}

function createSearch({ search, isPattern, matchCase }: LogFilter): Search {
  const pattern = compile(isPattern ? search : search.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), matchCase);
  const wanted = matchCase ? search : search.toLowerCase();
  const test = isPattern
    ? (text: string) => pattern.test(text)
    : (text: string) => (matchCase ? text : text.toLowerCase()).includes(wanted);
  // The message of an access line is put together, and is not in its text.
  return { pattern, isIn: ({ text, message }) => test(text) || (message !== text && test(message)) };
}

function compile(source: string, matchCase: boolean): LinearPattern {
  try {
    return createLinearPattern(source, { ignoreCase: !matchCase, stepLimit });
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it is no regular expression';
    throw new GatehouseError({
      code: 'query-refused',
      message: `"${source.slice(0, 80)}" cannot be searched for: ${reason}.`,
      remedy: 'Correct the regular expression, or search for it as text.',
    });
  }
}

function findHits(pattern: LinearPattern, { message, fields }: LogLine): LogLine['hits'] {
  const hits: LogLine['hits'] = [];
  [message, ...fields.map(([, value]) => value)].forEach((text, piece) => {
    for (let from = 0; from <= text.length && hits.length < hitLimit; ) {
      const match = pattern.locate(text, from);
      if (!match) return;
      if (match.end > match.start) hits.push([piece, match.start, match.end]);
      from = Math.max(match.end, match.start + 1);
    }
  });
  return hits;
}
