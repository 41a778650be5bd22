import { useMemo } from 'react';
import classes from './FilterField.module.css';

/** What a word of a filter is taken for. */
export interface ReadWord {
  kind: 'field' | 'text' | 'invalid';
  /** Why it does not count. */
  problem: string | null;
}

export interface FilterChipProps {
  word: string;
  read: (word: string) => ReadWord | undefined;
  onRemove: () => void;
}

/** One finished word of the filter; a word that does not count says why. */
export function FilterChip({ word, read, onRemove }: FilterChipProps) {
  const token = useMemo(() => read(word), [read, word]);
  return (
    <span className={classes.chip} data-kind={token?.kind} title={token?.problem ?? undefined}>
      {token?.problem ? <span className="heard">{token.problem}: </span> : null}
      {word}
      <button type="button" className={classes.remove} onClick={onRemove} aria-label={`Remove ${word}`}>
        <svg viewBox="0 0 12 12" width="8" height="8" aria-hidden="true">
          <path d="M2 2l8 8M10 2l-8 8" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
        </svg>
      </button>
    </span>
  );
}
