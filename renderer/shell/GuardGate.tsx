// What reaches into an environment stands behind its guard: unlocked first, or said yes to with the project's name.
import { type ReactNode, useId, useState } from 'react';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { PanelSkeleton } from '../components/Panel.tsx';
import { useUiState } from '../state/uiState.ts';
import { useEnvironment } from './environment.ts';
import classes from './GuardGate.module.css';

export interface GuardGateProps {
  /** `Opening a port`: what cannot be done while it is locked. */
  what: string;
  /** `isSaid`: the name was typed, or none is asked for. */
  children: (consent: { confirm: string | undefined; isSaid: boolean }) => ReactNode;
}

export function GuardGate({ what, children }: GuardGateProps) {
  const { data: frame } = useEnvironment();
  const showUnlock = useUiState((state) => state.showUnlock);
  const [typed, setTyped] = useState('');
  const id = useId();
  if (!frame) return <PanelSkeleton rows={3} />;
  if (frame.guard === 'locked' || frame.guard === 'readOnly') {
    return (
      <EmptyState
        title={`${what} is ${frame.guard === 'locked' ? 'locked' : 'not allowed'} here`}
        next={frame.guardReason}
        action={frame.guard === 'locked' ? <Button onClick={() => showUnlock(true)}>Unlock…</Button> : null}
      />
    );
  }
  if (frame.guard === 'open') return children({ confirm: undefined, isSaid: true });
  const project = frame.id.slice(frame.id.indexOf('~') + 1);
  return (
    <>
      <p className={classes.question}>
        <label htmlFor={id}>
          The environment asks before each change. Type <b className="mono">{project}</b> to go on.
        </label>
        <input
          id={id}
          className={classes.name}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          autoComplete="off"
          spellCheck={false}
        />
      </p>
      {children({ confirm: typed, isSaid: typed === project })}
    </>
  );
}
