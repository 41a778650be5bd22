// Health as colour and shape, so that it can be read without telling colours apart.
import type { ReactNode } from 'react';
import type { Level } from '../../app/contract/index.ts';
import classes from './StatusMark.module.css';

export const levelWords: Record<Level, string> = { ok: 'ok', degraded: 'degraded', down: 'down', unknown: 'unknown' };

const shapes: Record<Level, ReactNode> = {
  ok: <circle cx="5" cy="5" r="3.6" fill="currentColor" />,
  degraded: <path d="M5 1 9.3 8.8H.7Z" fill="currentColor" />,
  down: <rect x="1.2" y="1.2" width="7.6" height="7.6" rx="0.6" fill="currentColor" />,
  unknown: (
    <circle cx="5" cy="5" r="3.7" fill="none" stroke="currentColor" strokeWidth="1.3" strokeDasharray="1.4 1.5" />
  ),
};

export interface StatusMarkProps {
  level: Level;
  /** What is read aloud; the level's word by default. Empty where the words stand beside the mark. */
  label?: string;
}

export function StatusMark({ level, label = levelWords[level] }: StatusMarkProps) {
  const drawn = { className: classes.mark, 'data-level': level, viewBox: '0 0 10 10', width: 10, height: 10 };
  if (label === '') {
    return (
      <svg {...drawn} aria-hidden="true">
        {shapes[level]}
      </svg>
    );
  }
  return (
    <svg {...drawn} role="img" aria-label={label}>
      {shapes[level]}
    </svg>
  );
}

export interface StatusTextProps {
  level: Level;
  children: ReactNode;
  /** Colours the words too; for what is out of order. */
  strong?: boolean;
}

/** A mark with the words that say the same. */
export function StatusText({ level, children, strong = false }: StatusTextProps) {
  return (
    <span className={classes.text} data-level={level} data-strong={strong || undefined}>
      <StatusMark level={level} label="" />
      <span>{children}</span>
    </span>
  );
}
