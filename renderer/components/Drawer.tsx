// Detail beside the list: not modal, so that the list stays in use; Esc closes it and focus goes back.
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useKeys } from '../shell/useKeys.ts';
import classes from './Drawer.module.css';

export interface DrawerProps {
  title: ReactNode;
  /** Facts beside the title. */
  meta?: ReactNode;
  actions?: ReactNode;
  onClose: () => void;
  /** Any CSS width. */
  width?: string;
  children: ReactNode;
}

export function Drawer({ title, meta, actions, onClose, width = 'min(640px, 60vw)', children }: DrawerProps) {
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  useKeys({ Escape: onClose });
  useEffect(() => {
    const before = document.activeElement;
    heading.current?.focus({ preventScroll: true });
    return () => {
      // Only if focus would be lost with the drawer; the operator may have gone elsewhere.
      if (before instanceof HTMLElement && (document.activeElement === document.body || !document.activeElement))
        before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <aside className={classes.drawer} style={{ width }} aria-labelledby={id}>
      <header className={classes.head}>
        <h2 id={id} ref={heading} tabIndex={-1} className={classes.title}>
          {title}
        </h2>
        {meta ? <div className={classes.meta}>{meta}</div> : null}
        <div className={classes.actions}>
          {actions}
          <button type="button" className={classes.close} onClick={onClose} aria-label="Close" title="Close (Esc)">
            <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
              <path d="M2 2l8 8M10 2l-8 8" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
            </svg>
          </button>
        </div>
      </header>
      <div className={classes.body}>{children}</div>
    </aside>
  );
}
