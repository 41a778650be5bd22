// A plan that is carried out, whoever began it: item by item, how long, what it waits for, what builds and pulls say.
import { useMutation } from '@tanstack/react-query';
import { type PlanNote, problemOf, type StackRun } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { Button } from '../../components/Button.tsx';
import { CopyReport } from '../../components/CopyReport.tsx';
import { formatQuantity } from '../../components/format.ts';
import { PanelFailure } from '../../components/Panel.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import { ProgressBar, type Step, StepList } from '../../components/StepList.tsx';
import { Since } from '../../components/TimeText.tsx';
import { PlanNotes } from './PlanNotes.tsx';
import { toRunReport } from './planReports.ts';
import classes from './RunContent.module.css';
import { outcomeLevels, type RunItem, sayResult, toOutcomeWords, toRunView } from './runView.ts';
import { TextBlock } from './TextBlock.tsx';

export interface RunContentProps {
  environment: string;
  run: StackRun;
  /** Plans what is left; absent where nothing is. */
  onPlanAgain?: (() => void) | undefined;
}

export function RunContent({ environment, run, onPlanAgain }: RunContentProps) {
  const view = toRunView(run);
  return (
    <div className={classes.content}>
      <div className={classes.head}>
        <p className={classes.state}>
          <span role="status">
            <StatusText level={outcomeLevels[view.state]} strong>
              {toOutcomeWords(view.state)}
            </StatusText>
          </span>
          <span className="dim">
            {run.result ? (
              sayResult(run)
            ) : (
              <>
                {view.done} of {formatQuantity(view.total, 'step')} done, <Since at={run.startedAt} full />
              </>
            )}
          </span>
        </p>
        <span className={classes.verbs}>
          <CopyReport report={() => toRunReport(run)} at={run.result?.endedAt ?? null} />
          {run.result ? null : <CancelButton environment={environment} run={run} />}
          {run.result && run.result.outcome !== 'applied' && onPlanAgain ? (
            <Button onClick={onPlanAgain}>Plan what is left…</Button>
          ) : null}
        </span>
      </div>
      <ProgressBar label="Steps done" done={view.done} total={view.total} />
      <Notes notes={run.result?.problems ?? []} isProblem />
      <Notes notes={run.result?.remarks ?? []} />
      <StepList label="Steps" steps={view.items.map(toStep)} />
      <Output output={run.output} />
    </div>
  );
}

/** What has begun is brought to an end or undone, nothing new begins. */
function CancelButton({ environment, run }: { environment: string; run: StackRun }) {
  const cancel = useMutation(useTRPC().stack.cancel.mutationOptions());
  const problem = cancel.error ? problemOf(cancel.error) : null;
  return (
    <>
      {/* It ended by itself meanwhile: that is what was wanted. */}
      {problem && problem.code !== 'plan-unknown' ? <PanelFailure problem={problem} /> : null}
      <Button
        look="danger"
        disabled={run.isCancelled || cancel.isPending}
        onClick={() => cancel.mutate({ environment, run: run.id })}
      >
        {run.isCancelled ? 'Cancelling…' : 'Cancel'}
      </Button>
    </>
  );
}

function Notes({ notes, isProblem = false }: { notes: readonly PlanNote[]; isProblem?: boolean }) {
  if (notes.length === 0) return null;
  return <PlanNotes notes={notes} level={isProblem ? 'down' : 'degraded'} label={isProblem ? 'Problems' : 'Remarks'} />;
}

function toStep({ step, resource, name, ...rest }: RunItem): Step {
  return {
    key: step,
    name: (
      <>
        {name} <span className="faint">{resource === 'container' ? '' : resource}</span>
      </>
    ),
    ...rest,
  };
}

/** What pulls and builds printed. Text of others. */
function Output({ output }: Pick<StackRun, 'output'>) {
  if (output.length === 0) return null;
  return (
    <details className={classes.output} open>
      <summary>{formatQuantity(output.length, 'line')} of pulls and builds, the newest first</summary>
      <TextBlock label="Output">
        {output
          .toReversed()
          .map(({ step, line }) => `${step}: ${line}`)
          .join('\n')}
      </TextBlock>
    </details>
  );
}
