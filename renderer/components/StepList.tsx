// Long work, item by item: how far it is, what each one does, and for how long.
import type { ReactNode } from 'react';
import type { Level } from '../../app/contract/index.ts';
import { StatusText } from './StatusMark.tsx';
import classes from './StepList.module.css';
import { Since } from './TimeText.tsx';

export interface ProgressBarProps {
  label: string;
  done: number;
  /** 0 while it is not known how much there is. */
  total: number;
}

export function ProgressBar({ label, done, total }: ProgressBarProps) {
  return <progress className={classes.bar} value={done} max={total || 1} aria-label={label} />;
}

export interface Step {
  key: string;
  name: ReactNode;
  state: 'waiting' | 'running' | 'done' | 'failed' | 'skipped';
  level: Level;
  words: string;
  /** Epoch ms; counted while it runs. */
  since: number | null;
}

export function StepList({ label, steps }: { label: string; steps: readonly Step[] }) {
  return (
    <ul className={classes.steps} aria-label={label}>
      {steps.map(({ key, name, state, level, words, since }) => (
        <li key={key} className={classes.step} data-state={state}>
          <StatusText level={level} strong={state === 'failed'}>
            {name}
          </StatusText>
          <span className={classes.words} title={words}>
            {words}
            {state === 'running' && since !== null ? (
              <>
                , <Since at={since} />
              </>
            ) : null}
          </span>
        </li>
      ))}
    </ul>
  );
}
