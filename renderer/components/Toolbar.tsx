import type { ReactNode } from 'react';
import classes from './Toolbar.module.css';

/** Above a list: its filter, then what else narrows it. */
export function Toolbar({ children }: { children: ReactNode }) {
  return <div className={classes.toolbar}>{children}</div>;
}
