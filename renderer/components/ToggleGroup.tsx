import type { ReactNode } from 'react';
import classes from './ToggleGroup.module.css';

/** Toggles that belong together: `<Button look="toggle" aria-pressed={…}>` each. */
export function ToggleGroup({ label, children }: { label: string; children: ReactNode }) {
  return (
    <fieldset className={classes.group}>
      <legend className="heard">{label}</legend>
      {children}
    </fieldset>
  );
}
