import type { ReactNode } from 'react';
import classes from './FactList.module.css';

export interface Fact {
  name: ReactNode;
  value: ReactNode;
  /** Stands out: the figure is out of order. */
  tone?: 'normal' | 'degraded' | 'down' | 'dim' | undefined;
  mono?: boolean;
}

export interface FactListProps {
  facts: readonly (Fact | null)[];
  /** `end`: figures, aligned to the right. */
  align?: 'start' | 'end';
}

/** Names and values below each other, with hairlines between; null entries are left out. */
export function FactList({ facts, align = 'start' }: FactListProps) {
  return (
    <dl className={classes.list} data-align={align}>
      {facts.map((fact, index) =>
        fact === null ? null : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the facts of a list keep their places
          <div key={index} className={classes.fact}>
            <dt className={classes.name}>{fact.name}</dt>
            <dd className={classes.value} data-tone={fact.tone} data-mono={fact.mono || undefined}>
              {fact.value}
            </dd>
          </div>
        ),
      )}
    </dl>
  );
}
