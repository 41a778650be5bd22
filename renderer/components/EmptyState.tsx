import type { ReactNode } from 'react';
import classes from './EmptyState.module.css';

export interface EmptyStateProps {
  title: string;
  /** What to do so that something stands here. */
  next?: ReactNode;
  action?: ReactNode;
}

/** Nothing to show, and the next step. */
export function EmptyState({ title, next, action }: EmptyStateProps) {
  return (
    <div className={classes.empty}>
      <p className={classes.title}>{title}</p>
      {next ? <p className={classes.next}>{next}</p> : null}
      {action ? <div className={classes.action}>{action}</div> : null}
    </div>
  );
}
