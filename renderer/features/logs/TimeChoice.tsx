import { useEffect, useState } from 'react';
import { parseMoment } from '../../../app/contract/index.ts';
import { formatMoment } from '../../components/format.ts';
import classes from './LogToolbar.module.css';

export interface TimeChoiceProps {
  label: string;
  placeholder: string;
  /** Epoch ms; null: without this end. */
  value: number | null;
  onChange: (value: number | null) => void;
}

/** A moment as one writes it: `15m`, `14:03`, `2026-01-02 14:03`. Taken over by Enter, or when the field is left. */
export function TimeChoice({ label, placeholder, value, onChange }: TimeChoiceProps) {
  const shown = value === null ? '' : formatMoment(value).replace(' UTC', '');
  const [text, setText] = useState(shown);
  const [isWrong, setWrong] = useState(false);
  useEffect(() => setText(shown), [shown]);
  const take = () => {
    if (text === shown) return;
    const moment = text.trim() === '' ? null : parseMoment(text, Date.now());
    setWrong(text.trim() !== '' && moment === null);
    if (text.trim() === '' || moment !== null) onChange(moment);
  };
  return (
    <input
      className={classes.moment}
      aria-label={label}
      aria-invalid={isWrong}
      title={isWrong ? 'Write 15m, 14:03 or 2026-01-02 14:03 (UTC)' : `${label}: 15m, 14:03 or 2026-01-02 14:03 (UTC)`}
      placeholder={placeholder}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take();
      }}
      spellCheck={false}
      autoComplete="off"
    />
  );
}
