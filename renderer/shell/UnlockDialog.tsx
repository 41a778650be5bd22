import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { problemOf } from '../../app/contract/index.ts';
import { useTRPC } from '../api/GatehouseProvider.tsx';
import { Button } from '../components/Button.tsx';
import { Choices } from '../components/Choices.tsx';
import { Labelled, TextField } from '../components/Field.tsx';
import { PanelFailure } from '../components/Panel.tsx';
import { useUiState } from '../state/uiState.ts';
import { Dialog, DialogActions } from './Dialog.tsx';
import { useEnvironment } from './environment.ts';

const durations = [5, 15, 60].map((minutes) => ({ value: minutes, label: `${minutes} min` }));

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
      <form onSubmit={submit}>
        <p className="dim">{data?.guardReason} Your reason will stand under “What changed”.</p>
        <Labelled label="Reason">
          <TextField
            data-autofocus
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            maxLength={200}
            placeholder="reset the breaker of search after its fix"
          />
        </Labelled>
        <Choices label="For" choices={durations} chosen={minutes} onChoose={setMinutes} />
        {unlock.error ? <PanelFailure problem={problemOf(unlock.error)} /> : null}
        <DialogActions>
          <Button type="submit" look="primary" disabled={reason.trim().length < 3 || unlock.isPending}>
            Unlock
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
