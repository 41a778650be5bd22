import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { problemOf, type Sandbox, type SandboxItem } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import type { Live } from '../../api/live.ts';
import { Button, buttonLook } from '../../components/Button.tsx';
import { CopyCommand } from '../../components/CopyCommand.tsx';
import { Panel, PanelFailure } from '../../components/Panel.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import { ProgressBar, type Step, StepList } from '../../components/StepList.tsx';
import { Since } from '../../components/TimeText.tsx';
import classes from './SandboxPanel.module.css';
import { itemLevels, stepStates, toItemWords, toSandboxProgress } from './sandboxProgress.ts';

export interface SandboxPanelProps {
  live: Live<Sandbox>;
  /** Nothing runs yet: starting the sandbox is the next step. */
  isFirstChoice: boolean;
  /** Its start was asked for in this window: when it runs, it is opened. */
  isAsked: boolean;
  onAsked: (isAsked: boolean) => void;
}

/** The platform as local processes, to try the console with nothing installed. */
export function SandboxPanel({ live, isFirstChoice, isAsked, onAsked }: SandboxPanelProps) {
  const trpc = useTRPC();
  const navigate = useNavigate();
  const start = useMutation(trpc.sandbox.start.mutationOptions({ onError: () => onAsked(false) }));
  const stop = useMutation(trpc.sandbox.stop.mutationOptions());
  const state = live.data?.state;
  const environment = live.data?.environment ?? null;

  // Whoever started it here wants to see it; a sandbox that ran before is opened by a click.
  useEffect(() => {
    if (!isAsked || state !== 'running' || environment === null) return;
    onAsked(false);
    void navigate({ to: '/env/$environment/overview', params: { environment } });
  }, [isAsked, onAsked, state, environment, navigate]);

  const onStart = () => {
    onAsked(true);
    start.mutate();
  };
  const problem = start.error ? problemOf(start.error) : stop.error ? problemOf(stop.error) : null;
  return (
    <Panel title="Sandbox" source="local processes" live={live} rows={3}>
      {(sandbox) => (
        <div className={classes.body}>
          <p className="dim">
            The platform as processes of this machine, with nothing installed: its own services are real, databases and
            other products are stand-ins that say so.
          </p>
          {sandbox.state === 'off' || sandbox.state === 'failed' ? (
            <div className={classes.actions}>
              <Button look={isFirstChoice ? 'primary' : 'normal'} onClick={onStart} disabled={start.isPending}>
                Start the sandbox
              </Button>
            </div>
          ) : null}
          {sandbox.state === 'starting' || sandbox.state === 'stopping' ? <Progress sandbox={sandbox} /> : null}
          {sandbox.state === 'running' && environment ? (
            <div className={classes.actions}>
              <Link to="/env/$environment/overview" params={{ environment }} {...buttonLook()}>
                Open<span className="heard"> the sandbox</span>
              </Link>
              <Button look="danger" onClick={() => stop.mutate()} disabled={stop.isPending}>
                Stop
              </Button>
              <StatusText level="ok">
                running for <Since at={sandbox.since} />
              </StatusText>
            </div>
          ) : null}
          {sandbox.problem ? <PanelFailure problem={{ ...sandbox.problem, code: 'sandbox-failed' }} /> : null}
          {problem ? <PanelFailure problem={problem} /> : null}
          <CopyCommand
            command={sandbox.address ? `docker -H ${sandbox.address} ps` : 'gatehouse serve --engine sandbox'}
          />
        </div>
      )}
    </Panel>
  );
}

function Progress({ sandbox }: { sandbox: Sandbox }) {
  const progress = toSandboxProgress(sandbox);
  const verb = sandbox.state === 'starting' ? 'Starting' : 'Stopping';
  return (
    <div className={classes.progress}>
      <p role="status">
        <b className={classes.strong}>
          {verb}: {progress.ready} of {progress.total || '…'}
        </b>{' '}
        <span className="dim">
          <Since at={sandbox.since} full />
        </span>
      </p>
      <ProgressBar label={verb} done={progress.ready} total={progress.total} />
      <StepList label="Containers" steps={progress.items.map(toStep)} />
    </div>
  );
}

function toStep({ name, state, since, ...item }: SandboxItem): Step {
  return {
    key: name,
    name,
    state: stepStates[state],
    level: itemLevels[state],
    words: toItemWords({ state, ...item }),
    since,
  };
}
