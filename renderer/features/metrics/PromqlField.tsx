// The query: a text field with completion, by the combobox pattern of the ARIA APG.
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { type Completion, problemOf } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { Button } from '../../components/Button.tsx';
import offers from '../../components/Suggestions.module.css';
import { useEnvironmentId } from '../../shell/environment.ts';
import classes from './Promql.module.css';
import { insertOption } from './promqlText.ts';

type Option = Completion['options'][number];

export interface PromqlFieldProps {
  value: string;
  onRun: (query: string) => void;
}

const LIMIT = 8192;
const typedMs = 120;

export function PromqlField({ value, onRun }: PromqlFieldProps) {
  const [text, setText] = useState(value);
  /** Where the caret is while the list is open; null while it is closed. */
  const [place, setPlace] = useState<number | null>(null);
  const [active, setActive] = useState(-1);
  const field = useRef<HTMLTextAreaElement>(null);
  const list = useId();
  const { completion, problem } = useCompletion(text, place);
  const options = place === null ? [] : (completion?.options ?? []);

  // A query set from elsewhere, such as a chart's, replaces what is typed.
  useEffect(() => setText(value), [value]);

  const open = (caret: number) => {
    setPlace(caret);
    setActive(-1);
  };
  const accept = ({ text: option, kind }: Option) => {
    if (!completion) return;
    const next = insertOption(text, completion, { option, kind });
    setText(next.text);
    open(next.caret);
    // The caret follows once the new text is drawn.
    requestAnimationFrame(() => field.current?.setSelectionRange(next.caret, next.caret));
  };
  const run = () => {
    setPlace(null);
    onRun(text.trim());
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const chosen = options[active];
    const caret = event.currentTarget.selectionStart;
    if (event.key === 'ArrowDown' && options.length > 0) setActive((active + 1) % options.length);
    else if (event.key === 'ArrowUp' && options.length > 0) setActive(active <= 0 ? options.length - 1 : active - 1);
    else if (event.key === ' ' && event.ctrlKey) open(caret);
    else if ((event.key === 'Enter' || event.key === 'Tab') && chosen) accept(chosen);
    else if (event.key === 'Enter' && !event.shiftKey) run();
    else if (event.key === 'Escape') {
      event.stopPropagation();
      if (place === null) event.currentTarget.blur();
      else setPlace(null);
    } else return;
    event.preventDefault();
  };

  return (
    <div className={classes.line}>
      <div className={classes.field}>
        <textarea
          ref={field}
          data-view-filter
          role="combobox"
          className={classes.input}
          rows={Math.min(8, text.split('\n').length)}
          value={text}
          maxLength={LIMIT}
          onChange={(event) => {
            setText(event.target.value);
            open(event.target.selectionStart);
          }}
          onKeyDown={onKeyDown}
          onClick={(event) => (place === null ? undefined : open(event.currentTarget.selectionStart))}
          onBlur={() => setPlace(null)}
          aria-label="Query in PromQL"
          aria-expanded={options.length > 0}
          aria-controls={list}
          aria-activedescendant={active >= 0 ? `${list}-${active}` : undefined}
          aria-autocomplete="list"
          placeholder="sum by (route) (rate(gatehouse_gateway_requests_total[1m]))"
          spellCheck={false}
          autoComplete="off"
        />
        <div className={`${offers.list} ${classes.list}`} hidden={options.length === 0 && problem === null}>
          {problem ? <p className={offers.problem}>{problem}</p> : null}
          <div id={list} role="listbox" aria-label="Completions">
            {options.map((option, index) => (
              <OptionRow
                key={`${option.kind} ${option.text}`}
                id={`${list}-${index}`}
                option={option}
                isActive={index === active}
                onAccept={() => accept(option)}
              />
            ))}
          </div>
          {completion && completion.optionCount > options.length && options.length > 0 ? (
            <p className={classes.more}>and {completion.optionCount - options.length} more; go on typing</p>
          ) : null}
        </div>
      </div>
      <Button look="primary" onClick={run} disabled={text.trim() === ''}>
        Run
      </Button>
    </div>
  );
}

interface OptionRowProps {
  id: string;
  option: Option;
  isActive: boolean;
  onAccept: () => void;
}

function OptionRow({ id, option, isActive, onAccept }: OptionRowProps) {
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isActive) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isActive]);
  return (
    <div
      ref={row}
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      className={`${offers.option} ${classes.option}`}
      // The field keeps the focus: the keys go there.
      onMouseDown={(event) => {
        event.preventDefault();
        onAccept();
      }}
    >
      <span className={classes.kind}>{option.kind}</span>
      <span className="mono">{option.text}</span>
      <span className={classes.detail}>{option.detail}</span>
    </div>
  );
}

/** What fits at the caret, a moment after the last key. */
function useCompletion(text: string, place: number | null) {
  const environment = useEnvironmentId();
  const trpc = useTRPC();
  const [asked, setAsked] = useState<{ query: string; at: number } | null>(null);
  useEffect(() => {
    if (place === null) {
      setAsked(null);
      return;
    }
    const timer = setTimeout(() => setAsked({ query: text, at: place }), typedMs);
    return () => clearTimeout(timer);
  }, [text, place]);
  const query = useQuery({
    ...trpc.metrics.completion.queryOptions({ environment, query: asked?.query ?? '', at: asked?.at ?? 0 }),
    enabled: asked !== null,
    gcTime: 30_000,
  });
  // What was asked for another text would be put in at the wrong place.
  const isCurrent = asked !== null && asked.query === text && asked.at === place;
  return {
    completion: isCurrent ? (query.data ?? null) : null,
    problem: isCurrent && query.error ? problemOf(query.error).message : null,
  };
}
