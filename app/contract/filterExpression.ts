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
interface Token {
  kind: '(' | ')' | 'or' | 'not' | 'word';
  word: FilterWord;
}

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
  const tokens = splitFilterWords(spaceParentheses(filter)).flatMap(toToken);
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

function toToken(word: FilterWord): Token[] {
  if (word.quoted || word.negated) return [{ kind: 'word', word }];
  const lower = word.text.toLowerCase();
  if (lower === 'and') return [];
  if (lower === 'or' || lower === '(' || lower === ')') return [{ kind: lower, word }];
  return [{ kind: lower === '!' ? 'not' : 'word', word }];
}

/** Spaces around the parentheses that group: those before a word and after it, not those inside of it or of quotes. */
function spaceParentheses(filter: string): string {
  let spaced = '';
  let isQuoted = false;
  let isBegin = true;
  let openInWord = 0;
  for (const character of filter) {
    if (character === '"') isQuoted = !isQuoted;
    if (isQuoted) {
      spaced += character;
      isBegin = false;
    } else if (character === '(' && isBegin) {
      spaced += ' ( ';
    } else if (character === ')' && openInWord === 0) {
      spaced += ' ) ';
      isBegin = true;
    } else {
      openInWord += character === '(' ? 1 : character === ')' ? -1 : 0;
      spaced += character;
      const isSpace = /\s/.test(character);
      if (isSpace) openInWord = 0;
      // `!(` turns a group round; within a word the mark is part of it.
      isBegin = isSpace || (isBegin && character === '!');
    }
  }
  return spaced;
}
