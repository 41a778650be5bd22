// Sends an exchange through the gateway once more; where that cannot be done, says why.
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import {
  type ExchangeDetail,
  problemOf,
  type Replayability,
  type Replayed,
  toReplay,
} from '../../../app/contract/index.ts';
import { useTRPCClient } from '../../api/GatehouseProvider.tsx';
import { Button } from '../../components/Button.tsx';
import { Dialog, DialogActions } from '../../shell/Dialog.tsx';
import { canChange, useEnvironment, useEnvironmentId } from '../../shell/environment.ts';
import { ChangeForm } from '../gateway/ChangeForm.tsx';
import classes from './ReplayButton.module.css';
import { noToken, type TokenChoice, TokenField } from './TokenField.tsx';

export function ReplayButton({ exchange, onSent }: { exchange: ExchangeDetail; onSent: (id: string) => void }) {
  const { data: frame } = useEnvironment();
  const [shown, show] = useState(false);
  const found = toReplay(exchange);
  if ('obstacle' in found) {
    return (
      <span className={classes.obstacle} title={found.obstacle}>
        Cannot be replayed: {found.obstacle}
      </span>
    );
  }
  // What may change something is absent where nothing may be changed.
  if (!found.isSafe && !(frame && canChange(frame.guard))) return null;
  return (
    <>
      <Button onClick={() => show(true)}>Replay…</Button>
      {shown ? <ReplayDialog exchange={exchange} found={found} onSent={onSent} onClose={() => show(false)} /> : null}
    </>
  );
}

interface ReplayDialogProps {
  exchange: ExchangeDetail;
  found: Exclude<Replayability, { obstacle: string }>;
  onSent: (id: string) => void;
  onClose: () => void;
}

function ReplayDialog({ exchange, found, onSent, onClose }: ReplayDialogProps) {
  const environment = useEnvironmentId();
  const client = useTRPCClient();
  const [choice, choose] = useState<TokenChoice>(noToken);
  const { token, usesKept, isToKeep } = choice;
  const send = useMutation({
    mutationFn: async (confirm: string | undefined) => {
      if (token !== '' && isToKeep) await client.secrets.keepToken.mutate({ environment, bearerToken: token });
      const input = {
        environment,
        id: exchange.id,
        usesKeptToken: usesKept,
        ...(token === '' || usesKept ? {} : { bearerToken: token }),
      };
      if (found.isSafe) return client.traffic.replay.mutate(input);
      return client.traffic.replayUnsafe.mutate({ ...input, ...(confirm === undefined ? {} : { confirm }) });
    },
    onSuccess: (replayed) => {
      notifications.show(toNotice(replayed));
      onClose();
      if (replayed.id) onSent(replayed.id);
    },
    onError: (error) => {
      const { message, remedy } = problemOf(error);
      notifications.show({ title: message, message: remedy, color: 'red' });
    },
  });
  const needsToken = found.leftOut.includes('authorization');
  const leftOut = found.leftOut.filter((name) => !(name === 'authorization' && (token !== '' || usesKept)));
  return (
    <Dialog title={`Replay ${exchange.method} ${exchange.path.slice(0, 60)}`} shown onClose={onClose} width="640px">
      <ul className={classes.facts}>
        <li>It passes every stage anew, as a request of this machine: breakers, limits and the upstream see it.</li>
        <li>Its upstream is told by x-gatehouse-replay, and it is marked in the table.</li>
        <li>It is in no figure of the gateway: rates, errors and durations are of callers alone.</li>
        {leftOut.length > 0 ? <li>Not sent again, since nobody kept them: {leftOut.join(', ')}.</li> : null}
      </ul>
      {needsToken ? <TokenField environment={environment} choice={choice} onChoose={choose} /> : null}
      {found.isSafe ? (
        <DialogActions>
          <Button onClick={onClose}>Leave it</Button>
          <Button look="primary" data-autofocus disabled={send.isPending} onClick={() => send.mutate(undefined)}>
            {send.isPending ? 'Sending…' : 'Send it again'}
          </Button>
        </DialogActions>
      ) : (
        <ChangeForm
          sentence={`${exchange.method} may change something, and would do so once more.`}
          verb={send.isPending ? 'Sending…' : 'Send it again'}
          look="danger"
          isBusy={send.isPending}
          onApply={({ confirm }) => send.mutate(confirm)}
        />
      )}
    </Dialog>
  );
}

function toNotice({ status, durationMs, leftOut }: Replayed) {
  const without = leftOut.length > 0 ? `, sent without ${leftOut.join(', ')}` : '';
  return { title: `Answered with ${status}`, message: `in ${Math.round(durationMs)} ms${without}` };
}
