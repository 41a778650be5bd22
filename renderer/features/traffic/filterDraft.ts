// What stands in the filter field: finished words, shown as chips, and the word that is being typed. Pure.
import { splitFilterWords } from '../../../app/contract/index.ts';

export interface FilterDraft {
  words: readonly string[];
  draft: string;
}

/** The filter as one text. */
export function toFilterText({ words, draft }: FilterDraft): string {
  return [...words, draft.trim()].filter((word) => word !== '').join(' ');
}

/** A filter that comes from elsewhere is finished. */
export function toFilterDraft(text: string): FilterDraft {
  return { words: splitFilterWords(text).map(({ raw }) => raw), draft: '' };
}

/** The input's text changed: a word is finished by the space after it, unless a quote is open. */
export function typeInFilter(state: FilterDraft, typed: string): FilterDraft {
  const words = splitFilterWords(typed);
  const last = words.at(-1);
  if (!last) return { words: state.words, draft: typed.trim() };
  const isFinished = last.end < typed.length;
  const finished = (isFinished ? words : words.slice(0, -1)).map(({ raw }) => raw);
  return { words: [...state.words, ...finished], draft: isFinished ? '' : last.raw };
}

/** Enter: the word that is being typed is finished. */
export function finishWord({ words, draft }: FilterDraft): FilterDraft {
  return { words: [...words, ...toFilterDraft(draft).words], draft: '' };
}

/** Backspace at the start of the input: the last word can be changed again. */
export function reopenLastWord({ words, draft }: FilterDraft): FilterDraft {
  return { words: words.slice(0, -1), draft: `${words.at(-1) ?? ''}${draft}` };
}

export function removeWord({ words, draft }: FilterDraft, index: number): FilterDraft {
  return { words: words.filter((_, place) => place !== index), draft };
}
