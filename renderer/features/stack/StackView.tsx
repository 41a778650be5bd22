// What will change, before it does: the stack as it is, plans to read and carry out, and what its files say.
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { StackRun } from '../../../app/contract/index.ts';
import { useLive } from '../../api/useLive.ts';
import { Button } from '../../components/Button.tsx';
import { PanelFrame } from '../../components/Panel.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { ViewHeader } from '../../components/ViewHeader.tsx';
import { canChange, useEnvironment, useEnvironmentId } from '../../shell/environment.ts';
import { useKeys } from '../../shell/useKeys.ts';
import { useViewSearch } from '../../shell/useViewSearch.ts';
import { MachinePanel } from '../capacity/MachinePanel.tsx';
import { Tabs } from '../services/Tabs.tsx';
import { BootPanel } from './BootPanel.tsx';
import { ConfigPanel } from './ConfigPanel.tsx';
import { DriftPanel } from './DriftPanel.tsx';
import { ImagesPanel } from './ImagesPanel.tsx';
import { PlanContent } from './PlanContent.tsx';
import { type PlanWish, parseWish, sayWish, toWishSearch } from './planWish.ts';
import { RunContent } from './RunContent.tsx';
import { sayResult, sayRun, toOutcomeWords, toRest, toRunView } from './runView.ts';
import { ServiceStates } from './ServiceStates.tsx';
import { StackVerbs } from './StackVerbs.tsx';
import classes from './StackView.module.css';

export function StackView() {
  const environment = useEnvironmentId();
  const { data: frame } = useEnvironment();
  const { data: run } = useLive('stack.run', { environment });
  const [search, changeSearch] = useViewSearch();
  const wish = parseWish(search);
  // A run that was seen going stays on the screen with its result, until somebody puts it away.
  const [seen, setSeen] = useState<string | null>(null);
  const going = run && run.result === null ? run.id : null;
  useEffect(() => {
    if (going !== null) setSeen(going);
  }, [going]);
  const shown = run && run.id === (going ?? seen) ? run : null;

  const setWish = useCallback(
    (next: PlanWish | null) => changeSearch(toWishSearch(next), { push: next !== null }),
    [changeSearch],
  );
  const onBegun = useCallback(
    (id: string) => {
      setSeen(id);
      setWish(null);
    },
    [setWish],
  );
  return (
    <>
      <ViewHeader
        title="Stack"
        note={
          <>
            {frame ? (
              <>
                mode <b className={classes.mode}>{frame.mode}</b>
              </>
            ) : null}
            {run && !shown && !wish ? <LastRun run={run} onShow={() => setSeen(run.id)} /> : null}
          </>
        }
        actions={
          <div className={classes.verbs}>
            {frame ? <StackVerbs mode={frame.mode} isOpen={canChange(frame.guard)} onWish={setWish} /> : null}
          </div>
        }
      />
      {wish ? (
        <PlanFrame wish={wish} onClose={() => setWish(null)}>
          <PlanContent
            environment={environment}
            wish={wish}
            onWish={(next) => changeSearch(toWishSearch(next))}
            onBegun={onBegun}
            onShowRun={() => setWish(null)}
          />
        </PlanFrame>
      ) : (
        <>
          {shown ? (
            <RunFrame run={shown} onClose={() => setSeen(null)}>
              <RunContent environment={environment} run={shown} onPlanAgain={() => setWish(toRest(shown))} />
            </RunFrame>
          ) : null}
          <StackTabs
            environment={environment}
            open={search.tab ?? ''}
            onOpen={(tab) => changeSearch({ tab: tab === 'services' ? null : tab })}
            onWish={setWish}
          />
        </>
      )}
    </>
  );
}

function PlanFrame({ wish, onClose, children }: { wish: PlanWish; onClose: () => void; children: ReactNode }) {
  useKeys({ Escape: onClose });
  return (
    <PanelFrame
      title={`Plan: ${sayWish(wish)}`}
      source="engine and files"
      fill
      tools={
        <Button size="small" look="quiet" onClick={onClose}>
          Discard
        </Button>
      }
    >
      {children}
    </PanelFrame>
  );
}

function RunFrame({ run, onClose, children }: { run: StackRun; onClose: () => void; children: ReactNode }) {
  return (
    <PanelFrame
      title={sayRun(run)}
      source={
        <>
          begun <TimeText at={run.startedAt} /> · host
        </>
      }
      level={run.result?.outcome === 'failed' ? 'down' : undefined}
      tools={
        run.result ? (
          <Button size="small" look="quiet" onClick={onClose}>
            Close
          </Button>
        ) : null
      }
    >
      {children}
    </PanelFrame>
  );
}

function LastRun({ run, onShow }: { run: StackRun; onShow: () => void }) {
  return (
    <>
      {' '}
      · last: {run.verb} {toOutcomeWords(toRunView(run).state)} at <TimeText at={run.startedAt} />, {sayResult(run)}{' '}
      <Button size="small" look="quiet" onClick={onShow}>
        Show
      </Button>
    </>
  );
}

interface StackTabsProps {
  environment: string;
  open: string;
  onOpen: (tab: string) => void;
  onWish: (wish: PlanWish) => void;
}

function StackTabs({ environment, open, onOpen, onWish }: StackTabsProps) {
  return (
    <div className={classes.tabs}>
      <Tabs
        label="Parts of the stack"
        open={open}
        onOpen={onOpen}
        tabs={[
          {
            name: 'services',
            label: 'Services',
            content: () => <ServiceStates environment={environment} onWish={onWish} />,
          },
          { name: 'drift', label: 'Drift', content: () => <DriftPanel environment={environment} onWish={onWish} /> },
          { name: 'config', label: 'Configuration', content: () => <ConfigPanel environment={environment} /> },
          { name: 'images', label: 'Images', content: () => <ImagesPanel environment={environment} /> },
          { name: 'machine', label: 'Machine', content: () => <MachinePanel environment={environment} /> },
          { name: 'boot', label: 'Boot', content: () => <BootPanel environment={environment} /> },
        ]}
      />
    </div>
  );
}
