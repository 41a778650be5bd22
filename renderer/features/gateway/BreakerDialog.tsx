// An upstream taken in hand: its breaker held open or closed for a while or reset, or one of its replicas drained.
import { useState } from 'react';
import type { Breaker, Upstream } from '../../../app/contract/index.ts';
import { useTRPCClient } from '../../api/GatehouseProvider.tsx';
import { Choices } from '../../components/Choices.tsx';
import { CopyCommand } from '../../components/CopyCommand.tsx';
import { Labelled, SelectField } from '../../components/Field.tsx';
import { formatRate } from '../../components/format.ts';
import { Dialog } from '../../shell/Dialog.tsx';
import classes from './BreakerDialog.module.css';
import {
  type BreakerWish,
  durations,
  sayEffect,
  toWishCommand,
  type WishKind,
  wishKinds,
  wishWords,
} from './breakerWish.ts';
import { ChangeForm, type ChangeInput } from './ChangeForm.tsx';
import { useGatewayChange } from './useGatewayChange.ts';

export interface BreakerDialogProps {
  environment: string;
  breaker: Breaker;
  /** null while it is not known. */
  upstream: Upstream | null;
  requestsPerSecond: number | null;
  onClose: () => void;
}

export function BreakerDialog({ environment, breaker, upstream, requestsPerSecond, onClose }: BreakerDialogProps) {
  const client = useTRPCClient();
  const { begin, isBusy } = useGatewayChange(environment);
  const [wish, setWish] = useState<BreakerWish>({ kind: 'open', replica: null, forMs: 300_000 });
  const replicas = upstream?.replicas.map(({ id }) => id) ?? [];
  const hasSeveral = replicas.length > 1;
  const kinds = wishKinds
    .filter((kind) => kind !== 'drain' || replicas.length > 0)
    .map((kind) => ({ value: kind, label: wishWords[kind] }));
  const choose = (kind: WishKind) =>
    setWish({
      ...wish,
      kind,
      replica: kind === 'drain' ? (wish.replica ?? replicas[0] ?? null) : hasSeveral ? wish.replica : null,
    });
  const { upstream: name } = breaker;

  const apply = (input: ChangeInput) => {
    const { kind, replica, forMs } = wish;
    const common = { environment, upstream: name, ...input, ...(replica === null ? {} : { replica }) };
    begin(() => {
      if (kind === 'reset') return client.gateway.resetBreaker.mutate(common);
      if (kind === 'drain') return client.gateway.drain.mutate({ ...common, replica: replica ?? '', forMs });
      return client.gateway.forceBreaker.mutate({ ...common, state: kind, forMs });
    }, onClose);
  };
  return (
    <Dialog title={`Take ${name} in hand`} shown onClose={onClose} width="640px">
      <Choices label="What" choices={kinds} chosen={wish.kind} onChoose={choose} />
      {hasSeveral || wish.kind === 'drain' ? (
        <Labelled label="Of">
          <SelectField
            mono
            value={wish.replica ?? ''}
            onChoose={(replica) => setWish({ ...wish, replica: replica === '' ? null : replica })}
          >
            {wish.kind === 'drain' ? null : <option value="">the whole upstream</option>}
            {replicas.map((replica) => (
              <option key={replica}>{replica}</option>
            ))}
          </SelectField>
        </Labelled>
      ) : null}
      {wish.kind === 'reset' ? null : (
        <Choices
          label="For"
          choices={durations.map(({ ms, words }) => ({ value: ms, label: words }))}
          chosen={wish.forMs}
          onChoose={(forMs) => setWish({ ...wish, forMs })}
        />
      )}
      <p className={classes.touched}>
        Routes that end there: <b>{breaker.routes.length === 0 ? 'none' : breaker.routes.join(', ')}</b>,{' '}
        {formatRate(requestsPerSecond)} requests a second in the last 60 s.
      </p>
      <CopyCommand command={toWishCommand(name, wish)} />
      <ChangeForm
        sentence={sayEffect(wish)}
        verb={wishWords[wish.kind]}
        look={wish.kind === 'open' ? 'danger' : 'primary'}
        isBusy={isBusy}
        placeholder="why, for its story"
        onApply={apply}
      />
    </Dialog>
  );
}
