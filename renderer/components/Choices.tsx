import { type ReactNode, useId } from 'react';
import classes from './Choices.module.css';

export interface Choice<T extends string | number> {
  value: T;
  label: ReactNode;
  note?: string;
}

export interface ChoicesProps<T extends string | number> {
  label: string;
  choices: readonly Choice<T>[];
  chosen: T;
  onChoose: (value: T) => void;
}

/** One of a few, all of them seen. */
export function Choices<T extends string | number>({ label, choices, chosen, onChoose }: ChoicesProps<T>) {
  const name = useId();
  return (
    <fieldset className={classes.choices}>
      <legend className={classes.label}>{label}</legend>
      {choices.map(({ value, label: words, note }) => (
        <label key={value} className={classes.choice}>
          <input type="radio" name={name} checked={value === chosen} onChange={() => onChoose(value)} />
          <span>
            {words}
            {note ? <small className={classes.note}>{note}</small> : null}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
