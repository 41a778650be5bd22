import type { ReactNode } from 'react';
import type { Level } from '../../app/contract/index.ts';
import classes from './Banner.module.css';
import { StaleAge } from './StaleAge.tsx';
import { StatusMark } from './StatusMark.tsx';

export interface BannerProps {
  label: string;
  /** undefined while nothing is judged. */
  level?: Level | undefined;
  children: ReactNode;
}

/** The question of a view, answered: its words, then what to do about it. */
export function Banner({ label, level, children }: BannerProps) {
  return (
    <section className={classes.banner} data-level={level} aria-label={label}>
      {children}
    </section>
  );
}

export interface BannerWordsProps {
  headline: ReactNode;
  level: Level | undefined;
  /** Epoch ms of what is no longer current. */
  staleSince: number | null;
  detail?: ReactNode;
  children?: ReactNode;
}

/** One sentence, what stands behind it, and its evidence. */
export function BannerWords({ headline, level, staleSince, detail, children }: BannerWordsProps) {
  return (
    <div className={classes.words}>
      <h1 className={classes.headline}>
        {level ? <StatusMark level={level} /> : null}
        {headline}
        {staleSince === null ? null : <StaleAge at={staleSince} />}
      </h1>
      {detail === undefined ? null : <p className={classes.detail}>{detail}</p>}
      {children}
    </div>
  );
}
