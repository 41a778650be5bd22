// Words of a filter joined by `and`, `or` and parentheses: `(health:down or err>5%) net:ai`. Pure.
import { type FilterWord, splitFilterWords } from './filterWords.ts';

export interface FilterExpression<T> {
  matches: (value: T) => boolean;
  /** No word counts: everything matches. */
  isEmpty: boolean;
  /** Why words do not count, one sentence each. */
  problems: string[];
}

type Test<T> = (value: T) => boolean;
type Token = { kind: '(' | ')' | 'and' | 'or' | 'not' } | { kind: 'word'; word: FilterWord };

/** Deeper than any sentence that a person writes, shallower than the stack. */
const depthLimit = 50;

/**
 * Words next to each other must all hold, `or` binds less, `!` turns a word or a group round, quotes make `or` a text.
 * `toTest` gives a test or says why the word does not count; such a word and its `or` are left out. Never throws.
 */
export function parseFilterExpression<T>(
  filter: string,
  toTest: (word: FilterWord) => Test<T> | string,
): FilterExpression<T> {
  const tokens = splitFilterWords(filter).flatMap(toTokens);
  const problems: string[] = [];
  let at = 0;

  const anyOf = (depth: number): Test<T> | undefined => {
    const alternatives: Test<T>[] = [];
    let isAlone = true;
    for (;;) {
      const begin = at;
      const one = allOf(depth);
      if (one) alternatives.push(one);
      const isOr = tokens[at]?.kind === 'or';
      // A word that does not count has said so itself.
      if ((isOr || !isAlone) && at === begin) problems.push('or has nothing on one side; in quotes it is a text');
      if (!isOr) break;
      isAlone = false;
      at += 1;
    }
    return alternatives.length > 0 ? (value) => alternatives.some((test) => test(value)) : undefined;
  };
  const allOf = (depth: number): Test<T> | undefined => {
    const tests: Test<T>[] = [];
    for (let token = tokens[at]; token && token.kind !== 'or' && token.kind !== ')'; token = tokens[at]) {
      at += 1;
      const test = one(token, depth);
      if (test) tests.push(test);
    }
    return tests.length > 0 ? (value) => tests.every((test) => test(value)) : undefined;
  };
  const one = (token: Token, depth: number): Test<T> | undefined => {
    if (token.kind === 'word') return oneWord(token.word);
    if (token.kind === 'not') {
      const next = tokens[at];
      at += next ? 1 : 0;
      const test = next && one(next, depth);
      return test && ((value) => !test(value));
    }
    if (token.kind !== '(') return undefined;
    if (depth >= depthLimit) {
      problems.push(`more than ${depthLimit} parentheses inside of each other`);
      at = tokens.length;
      return undefined;
    }
    const inner = anyOf(depth + 1);
    if (tokens[at]?.kind === ')') at += 1;
    else problems.push('a ( is not closed');
    return inner;
  };
  const oneWord = (word: FilterWord): Test<T> | undefined => {
    const test = toTest(word);
    if (typeof test !== 'string') return word.negated ? (value) => !test(value) : test;
    problems.push(test);
    return undefined;
  };

  const tests: Test<T>[] = [];
  while (at < tokens.length) {
    const test = anyOf(0);
    if (test) tests.push(test);
    if (tokens[at]?.kind === ')') {
      problems.push('a ) closes nothing');
      at += 1;
    }
  }
  return { matches: (value) => tests.every((test) => test(value)), isEmpty: tests.length === 0, problems };
}

/** Parentheses stand at the ends of words; those inside of a quoted text are part of it. */
function toTokens(word: FilterWord): Token[] {
  if (word.quoted) return [{ kind: 'word', word }];
  const [, open = '', rest = ''] = /^(\(*)(.*)$/s.exec(word.text) ?? [];
  // `!(a or b)`: what is turned round is the group.
  const before: Token[] =
    open === '' ? [] : [...(word.negated ? [{ kind: 'not' as const }] : []), ...repeat('(', open.length)];
  const negated = open === '' && word.negated;
  const [, text = '', close = ''] = /^(.*?)(\)*)$/s.exec(rest) ?? [];
  return [...before, ...toWord({ ...word, text, negated }), ...repeat(')', close.length)];
}

function toWord(word: FilterWord): Token[] {
  const lower = word.text.toLowerCase();
  if (lower === '') return [];
  if (!word.negated && lower === 'or') return [{ kind: 'or' }];
  if (!word.negated && lower === 'and') return [];
  // After a parenthesis: `(!net:ai`, `("a b"`.
  if (lower.startsWith('!') && lower.length > 1)
    return [{ kind: 'word', word: { ...word, text: word.text.slice(1), negated: !word.negated } }];
  return [{ kind: 'word', word }];
}

function repeat(kind: '(' | ')', count: number): Token[] {
  return Array.from({ length: count }, () => ({ kind }));
}
