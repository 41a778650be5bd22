import { useId } from 'react';
import { TextField } from './Field.tsx';
import classes from './TypedName.module.css';

export interface TypedNameProps {
  project: string;
  /** Why it is asked for; by itself what a guard says. */
  because?: string;
  typed: string;
  onType: (typed: string) => void;
}

/** Asks for the project's name, where a yes alone is too quick. */
export function TypedName(props: TypedNameProps) {
  const { project, because = 'The environment asks before each change.', typed, onType } = props;
  const id = useId();
  return (
    <div className={classes.question}>
      <label htmlFor={id}>
        {because} Type <b className="mono">{project}</b> to go on.
      </label>
      <TextField id={id} mono value={typed} onChange={(event) => onType(event.target.value)} />
    </div>
  );
}
