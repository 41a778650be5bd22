import type { ReactNode } from 'react';
import type { Level } from '../../app/contract/index.ts';
import classes from './Chip.module.css';
import { StatusMark } from './StatusMark.tsx';

export interface ChipProps {
  children: ReactNode;
  level?: Level;
  /** `outlined`: a cell among others; a level other than ok then colours its border. */
  look?: 'normal' | 'cell' | 'token';
  title?: string | undefined;
}

/** A small fact, with a status mark where it has one. */
export function Chip({ children, level, look = 'normal', title }: ChipProps) {
  return (
    <span className={classes.chip} data-look={look} data-level={level} title={title}>
      {level ? <StatusMark level={level} /> : null}
      {children}
    </span>
  );
}

/** The classes of a chip, for a link or a button that looks like one. */
export function chipLook(look: ChipProps['look'] = 'normal', level?: Level) {
  return { className: `${classes.chip} ${classes.pressable}`, 'data-look': look, 'data-level': level };
}
