import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { problemOf } from '../../app/contract/index.ts';
import { useTRPC } from '../api/GatehouseProvider.tsx';
import { Button } from '../components/Button.tsx';
import { PanelFailure } from '../components/Panel.tsx';
import { useUiState } from '../state/uiState.ts';
import { Dialog } from './Dialog.tsx';
import { useEnvironment } from './environment.ts';
import classes from './UnlockDialog.module.css';

const MINUTES = [5, 15, 60];

/** Lifts the guard for a while, with a reason that others can read. */
export function UnlockDialog({ environment }: { environment: string }) {
  const { unlockShown, showUnlock } = useUiState();
  const { data } = useEnvironment();
  const [reason, setReason] = useState('');
  const [minutes, setMinutes] = useState(15);
  const unlock = useMutation(useTRPC().environment.unlock.mutationOptions({ onSuccess: () => showUnlock(false) }));

  const submit = (event: FormEvent) => {
    event.preventDefault();
    unlock.mutate({ environment, reason, minutes });
  };

  return (
    <Dialog title={`Unlock ${data?.name ?? environment}`} shown={unlockShown} onClose={() => showUnlock(false)}>
      <form className={classes.form} onSubmit={submit}>
        <p className="dim">{data?.guardReason} Your reason will stand under “What changed”.</p>
        <label className={classes.field}>
          Reason
          <input
            data-autofocus
            className={classes.input}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            maxLength={200}
            placeholder="reset the breaker of search after its fix"
          />
        </label>
        <fieldset className={classes.minutes}>
          <legend>For</legend>
          {MINUTES.map((choice) => (
            <label key={choice} className={classes.choice}>
              <input type="radio" name="minutes" checked={choice === minutes} onChange={() => setMinutes(choice)} />
              {choice} min
            </label>
          ))}
        </fieldset>
        {unlock.error ? <PanelFailure problem={problemOf(unlock.error)} /> : null}
        <div className={classes.actions}>
          <Button type="submit" look="primary" disabled={reason.trim().length < 3 || unlock.isPending}>
            Unlock
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
