import type { ReactNode } from 'react';
import classes from './ViewHeader.module.css';

export interface ViewHeaderProps {
  title: string;
  /** What is shown, in which order, over which window, from where. */
  note?: ReactNode;
  actions?: ReactNode;
}

/** The heading of a view. */
export function ViewHeader({ title, note, actions }: ViewHeaderProps) {
  return (
    <header className={classes.header}>
      <h1 className={classes.title}>{title}</h1>
      {note ? <p className={classes.note}>{note}</p> : null}
      {actions ? <div className={classes.actions}>{actions}</div> : null}
    </header>
  );
}
