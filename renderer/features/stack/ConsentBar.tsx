// The yes to a plan: what it will do in one sentence with numbers, the name where it hurts, and the button.
import { useState } from 'react';
import { findNameQuestion, type KeptPlan, type NameQuestion } from '../../../app/contract/index.ts';
import { Button } from '../../components/Button.tsx';
import { formatQuantity } from '../../components/format.ts';
import { TypedName } from '../../components/TypedName.tsx';
import { useUiState } from '../../state/uiState.ts';
import classes from './PlanContent.module.css';
import { sayPlan } from './planView.ts';
import { toVerbWord } from './planWish.ts';

export interface ConsentBarProps {
  kept: KeptPlan;
  /** It is being asked for, or another plan has the stack. */
  isBusy: boolean;
  /** With the project's name, where it had to be typed. */
  onApply: (confirm: string | undefined) => void;
}

export function ConsentBar({ kept, isBusy, onApply }: ConsentBarProps) {
  const { plan, guard, guardReason } = kept;
  if (plan.steps.length === 0 && plan.blockers.length === 0) return null;
  if (plan.blockers.length > 0) {
    return (
      <footer className={classes.consent}>
        <p className={classes.blocked}>
          It cannot be carried out: {formatQuantity(plan.blockers.length, 'thing')}{' '}
          {plan.blockers.length === 1 ? 'stands' : 'stand'} in the way, each with its remedy.
        </p>
      </footer>
    );
  }
  if (guard === 'locked' || guard === 'readOnly') {
    return (
      <footer className={classes.consent}>
        <p className={classes.sentence}>
          {sayPlan(plan)} <span className="dim">{guardReason}</span>
        </p>
        {guard === 'locked' ? <UnlockButton /> : null}
      </footer>
    );
  }
  return <Consent plan={plan} question={findNameQuestion(kept)} isBusy={isBusy} onApply={onApply} />;
}

function UnlockButton() {
  const showUnlock = useUiState((state) => state.showUnlock);
  return <Button onClick={() => showUnlock(true)}>Unlock…</Button>;
}

const ending: readonly string[] = ['down', 'stop', 'kill', 'pause'];

interface ConsentProps extends Pick<ConsentBarProps, 'isBusy' | 'onApply'> {
  plan: KeptPlan['plan'];
  question: NameQuestion | undefined;
}

function Consent({ plan, question, isBusy, onApply }: ConsentProps) {
  const [typed, setTyped] = useState('');
  const isSaid = !question || typed === plan.project;
  return (
    <form
      className={classes.consent}
      onSubmit={(event) => {
        event.preventDefault();
        if (isSaid && !isBusy) onApply(question ? typed : undefined);
      }}
    >
      <div className={classes.sentence}>
        {sayPlan(plan)}
        {question ? (
          <TypedName project={plan.project} because={sayQuestion(question)} typed={typed} onType={setTyped} />
        ) : null}
      </div>
      <Button type="submit" look={ending.includes(plan.verb) ? 'danger' : 'primary'} disabled={!isSaid || isBusy}>
        {toVerbWord(plan.verb)}
      </Button>
    </form>
  );
}

function sayQuestion({ because, volumes }: NameQuestion): string {
  const names = volumes.join(', ');
  return {
    lost: `${names} would be removed with all data, which does not come back.`,
    carried: `Data is carried from one mode into the other: ${names}.`,
    guard: 'The environment asks before each change.',
  }[because];
}
