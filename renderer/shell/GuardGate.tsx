// What reaches into an environment stands behind its guard: unlocked first, or said yes to with the project's name.
import { type ReactNode, useState } from 'react';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { PanelSkeleton } from '../components/Panel.tsx';
import { TypedName } from '../components/TypedName.tsx';
import { useUiState } from '../state/uiState.ts';
import { useEnvironment } from './environment.ts';
import { toProject } from './toProject.ts';

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
  const project = toProject(frame.id);
  return (
    <>
      <TypedName project={project} typed={typed} onType={setTyped} />
      {children({ confirm: typed, isSaid: typed === project })}
    </>
  );
}
