// Where one works: the environment with its mode, place and guard, and the connections to its sources.
import { useMutation } from '@tanstack/react-query';
import type { Connection, Environment, Level } from '../../app/contract/index.ts';
import { useTRPC } from '../api/GatehouseProvider.tsx';
import { chipLook } from '../components/Chip.tsx';
import { formatAge } from '../components/format.ts';
import { StatusMark } from '../components/StatusMark.tsx';
import { Until } from '../components/TimeText.tsx';
import { useNow } from '../components/useNow.ts';
import { ForwardsChip } from '../features/forwards/ForwardsChip.tsx';
import { useUiState } from '../state/uiState.ts';
import { DemoSwitch } from './DemoSwitch.tsx';
import classes from './EnvironmentChips.module.css';
import { EnvironmentMenu } from './EnvironmentMenu.tsx';
import { canChange, guardWords, useEnvironment } from './environment.ts';

export function EnvironmentChips({ environment: id }: { environment: string }) {
  const { data: environment, state } = useEnvironment();
  // Without the host nothing is known of the others: the last word is not shown as the current one.
  const isStale = state === 'stale';
  return (
    <>
      <EnvironmentMenu id={id} name={environment?.name ?? id.split('~')[1] ?? id} colour={environment?.colour} />
      {environment ? (
        <>
          <PlaceChip environment={environment} />
          <ConnectionChip label="engine" connection={environment.engine} isStale={isStale} />
          <ConnectionChip label="gateway" connection={environment.gateway} isStale={isStale} detailed />
          <ForwardsChip environment={id} />
          {canChange(environment.guard) ? <DemoSwitch environment={id} /> : null}
        </>
      ) : null}
    </>
  );
}

function PlaceChip({ environment }: { environment: Environment }) {
  const showUnlock = useUiState((state) => state.showUnlock);
  const place = environment.engineKind === 'sandbox' ? 'sandbox' : environment.mode;
  const name = place === 'sandbox' ? 'SANDBOX' : place === 'prod' ? 'PRODUCTION' : place;
  const words = (
    <>
      <b className={classes.placeName}>{name === 'unknown' ? 'mode unknown' : name}</b>
      <span className={classes.placeFacts}>
        · {place === 'sandbox' && environment.mode !== 'unknown' ? `${environment.mode} · ` : ''}
        {environment.place} · {guardWords[environment.guard]}
      </span>
    </>
  );
  const { guard, guardReason, unlockedUntil } = environment;
  if (guard !== 'locked') {
    return (
      <>
        <span className={`${chipLook().className} ${classes.place}`} data-place={place} title={guardReason}>
          {words}
        </span>
        {unlockedUntil === null ? null : (
          <UnlockedChip id={environment.id} until={unlockedUntil} reason={guardReason} />
        )}
      </>
    );
  }
  return (
    <button
      type="button"
      className={`${chipLook().className} ${classes.place}`}
      data-place={place}
      title={guardReason}
      onClick={() => showUnlock(true)}
    >
      {words} <span className={classes.unlock}>Unlock…</span>
    </button>
  );
}

/** How long the guard stays lifted, and its end before that time. */
function UnlockedChip({ id, until, reason }: { id: string; until: number; reason: string }) {
  const lock = useMutation(useTRPC().environment.lock.mutationOptions());
  return (
    <button
      type="button"
      className={`${chipLook().className} ${classes.unlocked}`}
      disabled={lock.isPending}
      onClick={() => lock.mutate({ environment: id })}
      title={`${reason}. Press to lock it now.`}
    >
      unlocked · <Until at={until} /> left <span className={classes.unlock}>Lock</span>
    </button>
  );
}

const connectionLevels: Record<Connection['state'], Level> = {
  live: 'ok',
  connecting: 'unknown',
  lost: 'down',
  absent: 'unknown',
};

interface ConnectionChipProps {
  label: string;
  connection: Connection;
  isStale: boolean;
  /** Shows what is connected also while all is well. */
  detailed?: boolean;
}

function ConnectionChip({ label, connection, isStale, detailed = false }: ConnectionChipProps) {
  const { state, problem, detail, lastSeenAt } = connection;
  if (isStale) {
    return (
      <span
        className={`${chipLook().className} ${classes.connection}`}
        data-state={state}
        title={`${label}: last known as ${state}`}
      >
        <StatusMark level="unknown" />
        {label}
      </span>
    );
  }
  const title = problem ? `${problem.message} ${problem.remedy}` : `${label}: ${detail}`;
  return (
    <span className={`${chipLook().className} ${classes.connection}`} data-state={state} title={title}>
      <StatusMark level={connectionLevels[state]} label={state} />
      {label}
      {state === 'live' ? detailed ? <b>{detail}</b> : null : <b>{state}</b>}
      {state === 'lost' && lastSeenAt !== null ? <LostAge at={lastSeenAt} /> : null}
    </span>
  );
}

function LostAge({ at }: { at: number }) {
  return <span>{formatAge(useNow() - at)}</span>;
}
