import type { ReactNode } from 'react';
import { Labelled, TextField } from '../../components/Field.tsx';
import classes from './PlanContent.module.css';
import { optionWords, type PlanWish, type WishOption, wishOptions } from './planWish.ts';

export interface PlanOptionsProps {
  wish: PlanWish;
  onWish: (wish: PlanWish) => void;
  /** At the end of the row. */
  children: ReactNode;
}

/** What else can be wished with a verb; each change makes another plan, and does nothing. */
export function PlanOptions({ wish, onWish, children }: PlanOptionsProps) {
  const offered = wishOptions[wish.verb] ?? [];
  const toggle = (option: WishOption) => {
    const chosen = offered.filter((one) => (one === option) !== wish.options.includes(one));
    onWish({ ...wish, options: chosen });
  };
  return (
    <div className={classes.options}>
      {wish.verb === 'scale' ? <Replicas wish={wish} onWish={onWish} /> : null}
      {offered.map((option) => (
        <label key={option} className={classes.option}>
          <input type="checkbox" checked={wish.options.includes(option)} onChange={() => toggle(option)} />
          {optionWords[option]}
        </label>
      ))}
      <span className={classes.tools}>{children}</span>
    </div>
  );
}

function Replicas({ wish, onWish }: Pick<PlanOptionsProps, 'wish' | 'onWish'>) {
  return Object.entries(wish.scale).map(([service, count]) => (
    <Labelled key={service} label={`Replicas of ${service}`} inline>
      <TextField
        type="number"
        className={classes.number}
        min={0}
        max={100}
        value={count}
        onChange={({ currentTarget: { valueAsNumber } }) => {
          if (!Number.isInteger(valueAsNumber) || valueAsNumber < 0 || valueAsNumber > 100) return;
          onWish({ ...wish, scale: { ...wish.scale, [service]: valueAsNumber } });
        }}
      />
    </Labelled>
  ));
}
