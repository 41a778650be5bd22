// Where one works: the environment with its mode, place and guard, and the connections to its sources.
import { Menu } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { Connection, Environment, EnvironmentColour, Guard, Level } from '../../app/contract/index.ts';
import { useLive } from '../api/useLive.ts';
import { chipLook } from '../components/Chip.tsx';
import { formatAge } from '../components/format.ts';
import { StatusMark } from '../components/StatusMark.tsx';
import { useNow } from '../components/useNow.ts';
import { ForwardsChip } from '../features/forwards/ForwardsChip.tsx';
import { useUiState } from '../state/uiState.ts';
import { DemoSwitch } from './DemoSwitch.tsx';
import classes from './EnvironmentChips.module.css';
import { canChange, useEnvironment } from './environment.ts';

const guardWords: Record<Guard, string> = { open: 'open', confirm: 'asks', locked: 'locked', readOnly: 'read-only' };

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

function EnvironmentMenu({ id, name, colour }: { id: string; name: string; colour: EnvironmentColour | undefined }) {
  const navigate = useNavigate();
  const { data: found } = useLive('environment.found');
  return (
    <Menu position="bottom-start" offset={6} transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <button type="button" className={`${chipLook().className} ${classes.environment}`} title="Other environments">
          {colour ? <span className={classes.swatch} style={{ background: `var(--environment-${colour})` }} /> : null}
          <b>{name}</b> <span aria-hidden="true">▾</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {(found?.projects ?? []).map((project) => (
          <Menu.Item
            key={project.environment}
            aria-current={project.environment === id ? 'true' : undefined}
            onClick={() =>
              void navigate({ to: '/env/$environment/overview', params: { environment: project.environment } })
            }
          >
            {project.name} <span className="faint">on {project.engine}</span>
          </Menu.Item>
        ))}
        <Menu.Item onClick={() => void navigate({ to: '/' })}>Start…</Menu.Item>
      </Menu.Dropdown>
    </Menu>
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
  if (environment.guard !== 'locked') {
    return (
      <span className={`${chipLook().className} ${classes.place}`} data-place={place} title={environment.guardReason}>
        {words}
      </span>
    );
  }
  return (
    <button
      type="button"
      className={`${chipLook().className} ${classes.place}`}
      data-place={place}
      title={environment.guardReason}
      onClick={() => showUnlock(true)}
    >
      {words} <span className={classes.unlock}>Unlock…</span>
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
      <span className={chipLook().className} title={`${label}: last known as ${state}`}>
        <StatusMark level="unknown" />
        {label}
      </span>
    );
  }
  const title = problem ? `${problem.message} ${problem.remedy}` : `${label}: ${detail}`;
  return (
    <span className={chipLook().className} title={title}>
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
