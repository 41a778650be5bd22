// A plan, to be read and then carried out or not: what changes, whom it hits, what stands in the way.
import { useEffect, useState } from 'react';
import { problemOf, type StackRun } from '../../../app/contract/index.ts';
import { useLive } from '../../api/useLive.ts';
import { Button } from '../../components/Button.tsx';
import { CopyCommand } from '../../components/CopyCommand.tsx';
import { CopyReport } from '../../components/CopyReport.tsx';
import { PanelFailure, PanelSkeleton } from '../../components/Panel.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import { ConsentBar } from './ConsentBar.tsx';
import classes from './PlanContent.module.css';
import { PlanDiff } from './PlanDiff.tsx';
import { PlanImpact } from './PlanImpact.tsx';
import { PlanOptions } from './PlanOptions.tsx';
import { toPlanCommand } from './planCommand.ts';
import { toPlanReport } from './planReports.ts';
import { isComplete, type PlanWish } from './planWish.ts';
import { useApply } from './useApply.ts';
import { useCommandPlace } from './useCommandPlace.ts';
import { usePlan } from './usePlan.ts';

export interface PlanContentProps {
  environment: string;
  wish: PlanWish;
  onWish: (wish: PlanWish) => void;
  /** It is being carried out, as the run of this id. */
  onBegun: (run: string) => void;
  /** To where another plan that is being carried out is seen. */
  onShowRun: () => void;
}

export function PlanContent({ environment, wish, onWish, onBegun, onShowRun }: PlanContentProps) {
  const query = usePlan(environment, wish);
  const { data: run } = useLive('stack.run', { environment });
  const [outdated, setOutdated] = useState<'stale' | 'expired' | null>(null);
  const onOutdated = (why: 'stale' | 'expired') => {
    setOutdated(why);
    void query.refetch();
  };
  const apply = useApply({ environment, onEnded: onBegun, onOutdated });
  const kept = query.isFetching ? undefined : query.data;
  // Begun is what does something: a plan that turns out to be overtaken was looked at once more, and no more.
  const begun = run && run.id === apply.run && run.steps.some(({ state }) => state !== 'waiting') ? run.id : null;
  useEffect(() => {
    if (begun !== null) onBegun(begun);
  }, [begun, onBegun]);

  const command = toPlanCommand(wish, useCommandPlace(environment), kept?.plan);
  const other = run && run.result === null && run.id !== apply.run ? run : null;
  const change = (next: PlanWish) => {
    setOutdated(null);
    apply.reset();
    onWish(next);
  };
  return (
    <div className={classes.content}>
      <PlanOptions wish={wish} onWish={change}>
        {command ? <CopyCommand command={command} /> : null}
        {kept ? <CopyReport report={() => toPlanReport(kept.plan, command)} at={kept.plan.at} /> : null}
        <Button disabled={query.isFetching || apply.isBusy} onClick={() => void query.refetch()}>
          Plan again
        </Button>
      </PlanOptions>
      <div role="status">
        {outdated && kept ? <OutdatedNotice why={outdated} /> : null}
        {other ? <OtherRun run={other} onShow={onShowRun} /> : null}
      </div>
      <PlanBody environment={environment} query={query} isAsked={isComplete(wish)} />
      {apply.refused ? <PanelFailure problem={apply.refused} /> : null}
      {kept ? (
        <ConsentBar
          key={kept.id}
          kept={kept}
          isBusy={apply.isBusy || other !== null}
          onApply={(confirm) => {
            setOutdated(null);
            apply.begin(kept, confirm);
          }}
        />
      ) : null}
    </div>
  );
}

function OutdatedNotice({ why }: { why: 'stale' | 'expired' }) {
  return (
    <p className={classes.notice}>
      <StatusText level="degraded">
        {why === 'stale'
          ? 'The stack has changed since the plan was made, so nothing was done. This is a new plan: look at what is different.'
          : 'That plan was not kept any longer, so nothing was done. This is a new one.'}
      </StatusText>
    </p>
  );
}

function OtherRun({ run: { verb, steps }, onShow }: { run: StackRun; onShow: () => void }) {
  const done = steps.filter(({ state }) => state === 'done').length;
  return (
    <p className={classes.notice}>
      <StatusText level="unknown">
        Another plan is being carried out: {verb}, {done} of {steps.length} steps done. This one has to wait for it.
      </StatusText>
      <Button size="small" onClick={onShow}>
        Show it
      </Button>
    </p>
  );
}

interface PlanBodyProps {
  environment: string;
  query: ReturnType<typeof usePlan>;
  /** The wish says enough to be planned. */
  isAsked: boolean;
}

function PlanBody({ environment, query, isAsked }: PlanBodyProps) {
  if (!isAsked) return <p className={classes.missing}>The address says too little: name the services, or the mode.</p>;
  if (query.isFetching || query.isPending) return <PanelSkeleton rows={8} />;
  if (query.error) return <PanelFailure problem={problemOf(query.error)} />;
  const { plan } = query.data;
  return (
    <div className={classes.body}>
      <PlanDiff plan={plan} />
      <PlanImpact environment={environment} plan={plan} />
    </div>
  );
}
