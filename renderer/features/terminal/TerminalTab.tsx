import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { Container, Service } from '../../../app/contract/index.ts';
import { Button } from '../../components/Button.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { PanelSkeleton } from '../../components/Panel.tsx';
import { GuardGate } from '../../shell/GuardGate.tsx';
import classes from './Terminal.module.css';

const TerminalScreen = lazy(async () => {
  const { TerminalScreen: component } = await import('./TerminalScreen.tsx');
  return { default: component };
});

export interface TerminalTabProps {
  environment: string;
  service: Service;
  container: Container | null;
  chooser: ReactNode;
}

/** A shell beside what runs in a container: opened when asked for, ended when its tab goes. */
export function TerminalTab({ environment, service, container, chooser }: TerminalTabProps) {
  const [opening, setOpening] = useState<{ count: number; confirm: string | undefined } | null>(null);
  if (opening && container) {
    return (
      <Suspense fallback={<PanelSkeleton rows={8} />}>
        <TerminalScreen
          key={opening.count}
          environment={environment}
          service={service.name}
          container={container.name}
          confirm={opening.confirm}
          onAgain={() => setOpening({ ...opening, count: opening.count + 1 })}
        />
      </Suspense>
    );
  }
  return (
    <div className={classes.start}>
      {chooser}
      {container?.state === 'running' ? (
        <GuardGate what="A terminal">
          {({ confirm, isSaid }) => (
            <EmptyState
              title={`A terminal in ${container.name}`}
              next="It starts a shell beside what runs there, and ends it with this tab. That it was opened is written down; what is typed and shown is not."
              action={
                <Button look="primary" disabled={!isSaid} onClick={() => setOpening({ count: 0, confirm })}>
                  Open the terminal
                </Button>
              }
            />
          )}
        </GuardGate>
      ) : (
        <EmptyState
          title={container ? `${container.name} does not run` : 'There is no container to open a terminal in'}
          next="A terminal is a program beside what runs in a container; start the service first."
        />
      )}
    </div>
  );
}
