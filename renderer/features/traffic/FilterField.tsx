// The filter of a view: finished words as chips, the next one with suggestions (combobox pattern of the ARIA APG).
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { Kbd } from '../../components/Kbd.tsx';
import offers from '../../components/Suggestions.module.css';
import { FilterChip, type FilterChipProps } from './FilterChip.tsx';
import classes from './FilterField.module.css';
import {
  type FilterDraft,
  finishWord,
  removeWord,
  reopenLastWord,
  toFilterDraft,
  toFilterText,
  typeInFilter,
} from './filterDraft.ts';
import type { Suggestion } from './filterSuggestions.ts';

export interface FilterFieldProps<S> {
  value: string;
  onChange: (filter: string) => void;
  /** Read when the field opens its suggestions. */
  readSeen: () => S;
  suggest: (draft: string, seen: S) => Suggestion[];
  readWord: FilterChipProps['read'];
  /** Why a word of the filter does not count; null when all do. */
  findProblem: (filter: string) => string | null;
  label: string;
  placeholder: string;
}

export function FilterField<S>(props: FilterFieldProps<S>) {
  const { value, onChange, readSeen, suggest } = props;
  const [state, setState] = useState<FilterDraft>(() => toFilterDraft(value));
  const [seen, setSeen] = useState<S | null>(null);
  const [active, setActive] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const list = useId();
  const open = seen !== null;
  const suggestions = useMemo(() => (seen === null ? [] : suggest(state.draft, seen)), [suggest, state.draft, seen]);

  // A filter set from elsewhere, such as a link or a saved one, replaces what is typed.
  useEffect(() => {
    setState((now) => (toFilterText(now) === value ? now : toFilterDraft(value)));
  }, [value]);

  const problem = open ? props.findProblem(toFilterText({ words: state.words, draft: '' })) : null;

  const change = (next: FilterDraft) => {
    setState(next);
    setActive(-1);
    onChange(toFilterText(next));
  };
  const accept = (suggestion: Suggestion) => {
    const next = { words: state.words, draft: suggestion.word };
    change(suggestion.complete ? finishWord(next) : next);
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const chosen = suggestions[active];
    const atStart = event.currentTarget.selectionStart === 0 && event.currentTarget.selectionEnd === 0;
    if (event.key === 'ArrowDown' && !open) setSeen(readSeen());
    else if (event.key === 'ArrowDown') setActive((active + 1) % Math.max(1, suggestions.length));
    else if (event.key === 'ArrowUp') setActive(active <= 0 ? suggestions.length - 1 : active - 1);
    else if (event.key === 'Enter' && chosen) accept(chosen);
    else if (event.key === 'Enter') {
      change(finishWord(state));
      setSeen(null);
    } else if (event.key === 'Backspace' && atStart && state.words.length > 0) change(reopenLastWord(state));
    else if (event.key === 'Escape') {
      event.stopPropagation();
      if (open) setSeen(null);
      else if (toFilterText(state) !== '') change({ words: [], draft: '' });
      else event.currentTarget.blur();
    } else return;
    event.preventDefault();
  };

  return (
    <div className={classes.field} data-open={open || undefined}>
      {state.words.map((word, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same word may stand twice
        <FilterChip key={index} word={word} read={props.readWord} onRemove={() => change(removeWord(state, index))} />
      ))}
      <input
        ref={input}
        data-view-filter
        type="text"
        role="combobox"
        className={classes.input}
        value={state.draft}
        onChange={(event) => {
          change(typeInFilter(state, event.target.value));
          setSeen(seen ?? readSeen());
        }}
        onKeyDown={onKeyDown}
        onClick={() => setSeen(seen ?? readSeen())}
        onBlur={() => setSeen(null)}
        aria-label={props.label}
        aria-expanded={open && suggestions.length > 0}
        aria-controls={list}
        aria-activedescendant={active >= 0 ? `${list}-${active}` : undefined}
        aria-autocomplete="list"
        placeholder={state.words.length > 0 ? 'and…' : props.placeholder}
        spellCheck={false}
        autoComplete="off"
      />
      <span className={classes.hint}>
        <Kbd keys="/" />
      </span>
      <Suggestions id={list} suggestions={suggestions} active={active} onAccept={accept} problem={problem} />
    </div>
  );
}

interface SuggestionsProps {
  id: string;
  suggestions: readonly Suggestion[];
  active: number;
  onAccept: (suggestion: Suggestion) => void;
  /** Why a word of the filter does not count. */
  problem: string | null;
}

function Suggestions({ id, suggestions, active, onAccept, problem }: SuggestionsProps) {
  return (
    <div className={`${offers.list} ${classes.list}`} hidden={suggestions.length === 0 && problem === null}>
      {problem ? <p className={offers.problem}>{problem}</p> : null}
      <div id={id} role="listbox" aria-label="Suggestions">
        {suggestions.map((suggestion, index) => (
          <div
            key={suggestion.word}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            className={`${offers.option} ${classes.option}`}
            // The input keeps the focus: the keys go there.
            onMouseDown={(event) => {
              event.preventDefault();
              onAccept(suggestion);
            }}
          >
            <span className="mono">{suggestion.word}</span>
            <span className={classes.optionHint}>{suggestion.hint}</span>
          </div>
        ))}
      </div>
    </div>
  );
}
