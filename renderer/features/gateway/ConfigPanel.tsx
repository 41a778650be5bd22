// The configuration of the gateway: edited with the gateway's own judgement, compared, put in force, taken back.
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import type { ConfigVerdict, GatewayConfigView } from '../../../app/contract/index.ts';
import { Button } from '../../components/Button.tsx';
import { CopyCommand } from '../../components/CopyCommand.tsx';
import { formatQuantity } from '../../components/format.ts';
import { Panel, PanelSkeleton } from '../../components/Panel.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import { canChange, useEnvironment } from '../../shell/environment.ts';
import { ConfigNotices } from './ConfigNotices.tsx';
import classes from './ConfigPanel.module.css';
import { type ConfigDraft, isCurrent, readDraft, rebase, withText, writeDraft } from './configDraft.ts';
import { type PlacedProblem, toPlacedProblems } from './problemPlaces.ts';
import { ReviewPanel } from './ReviewPanel.tsx';
import { type Judged, useConfigSchema, useGatewayConfig, useLastVerdict, useVerdict } from './useGatewayConfig.ts';

const YamlEditor = lazy(() => import('./YamlEditor.tsx').then(({ YamlEditor: component }) => ({ default: component })));

export interface ConfigPanelProps {
  environment: string;
  /** Of the route table: another one is in force. */
  revision: string | null;
}

export function ConfigPanel({ environment, revision }: ConfigPanelProps) {
  const { live, refetch } = useGatewayConfig(environment, revision);
  const config = live.data;
  return (
    <Panel
      title="Configuration"
      live={live}
      rows={14}
      fill
      source={config ? toSource(config) : 'gateway'}
      tools={<CopyCommand command="gatehouse gateway config show" />}
      empty={{
        when: ({ text }) => text === null,
        title: 'The configuration has no text',
        next: 'It was made by a program, which alone can change it.',
      }}
    >
      {(view) => <Editing environment={environment} config={view} onChanged={() => void refetch()} />}
    </Panel>
  );
}

function toSource({ revision, replicas, silent }: GatewayConfigView): string {
  const of = replicas.length + silent;
  return `revision ${revision} · ${of === 1 ? 'one replica' : `${replicas.length} of ${of} replicas`} · secrets masked`;
}

interface EditingProps {
  environment: string;
  config: GatewayConfigView;
  onChanged: () => void;
}

function Editing({ environment, config, onChanged }: EditingProps) {
  const [draft, setDraft] = useDraft(environment);
  const [isReviewed, review] = useState(false);
  const [goTo, setGoTo] = useState<{ offset: number } | null>(null);
  const { data: frame } = useEnvironment();
  const schema = useConfigSchema(environment);
  const text = draft?.text ?? config.text ?? '';
  const judged = useVerdict(environment, draft ? draft.text : null);
  const verdict = useLastVerdict(judged);
  const problems = useMemo(() => toPlacedProblems(text, verdict?.problems ?? []), [text, verdict]);
  const isOutdated = draft !== null && !isCurrent(draft, config);

  if (draft && isReviewed)
    return (
      <ReviewPanel
        environment={environment}
        config={config}
        draft={draft}
        obstacle={isOutdated ? 'Another configuration came into force meanwhile: go back, and compare.' : null}
        onBack={() => review(false)}
        onApplied={() => {
          review(false);
          setDraft(null);
          onChanged();
        }}
      />
    );
  return (
    <div className={classes.editing}>
      <ConfigNotices
        config={config}
        draft={isOutdated ? draft : null}
        onTakeOver={() => draft && setDraft(rebase(draft, config))}
        onDrop={() => setDraft(null)}
      />
      <div className={classes.editor}>
        <Suspense fallback={<PanelSkeleton rows={14} />}>
          <YamlEditor
            label="Configuration of the gateway, in YAML"
            value={text}
            onChange={(next) => setDraft(withText(draft, config, next))}
            schema={schema}
            problems={problems}
            goTo={goTo}
            isReadOnly={false}
          />
        </Suspense>
      </div>
      <Problems verdict={verdict} placed={problems} onGo={(offset) => setGoTo({ offset })} />
      <footer className={classes.foot}>
        <Judgement judged={judged} hasDraft={draft !== null} />
        {draft ? (
          <>
            <Button look="quiet" onClick={() => setDraft(null)}>
              Drop the edit
            </Button>
            <Button
              look="primary"
              disabled={isOutdated || judged.state !== 'judged' || !judged.verdict.isValid}
              onClick={() => review(true)}
            >
              {frame && canChange(frame.guard) ? 'Compare and apply' : 'Compare'}
            </Button>
          </>
        ) : null}
      </footer>
    </div>
  );
}

/** Kept in this window: a reload loses nothing. */
function useDraft(environment: string): [ConfigDraft | null, (draft: ConfigDraft | null) => void] {
  const [draft, setDraft] = useState(() => readDraft(environment));
  useEffect(() => {
    const timer = setTimeout(() => writeDraft(environment, draft), 200);
    return () => {
      clearTimeout(timer);
      writeDraft(environment, draft);
    };
  }, [environment, draft]);
  return [draft, setDraft];
}

interface ProblemsProps {
  verdict: ConfigVerdict | null;
  placed: readonly PlacedProblem[];
  onGo: (offset: number) => void;
}

function Problems({ verdict, placed, onGo }: ProblemsProps) {
  if (!verdict || verdict.isValid) return null;
  return (
    <ul className={classes.problems} aria-label="Problems">
      {verdict.problems.map(({ line, column, where, message }, index) => (
        <li key={`${line} ${column} ${where} ${message}`}>
          <button type="button" className={classes.problem} onClick={() => onGo(placed[index]?.from ?? 0)}>
            <span className={classes.place}>{line === null ? 'document' : `line ${line}, column ${column ?? 1}`}</span>
            <span>
              {where ? <span className="mono">{where}</span> : null} {message}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Judgement({ judged, hasDraft }: { judged: Judged; hasDraft: boolean }) {
  const words = () => {
    if (!hasDraft)
      return <span className="dim">This is what runs. What you type is tried by the gateway, not applied.</span>;
    if (judged.state === 'failed')
      return (
        <StatusText level="unknown">
          {judged.problem.message} {judged.problem.remedy}
        </StatusText>
      );
    if (judged.state !== 'judged') return <StatusText level="unknown">The gateway is asked…</StatusText>;
    const { isValid, problems } = judged.verdict;
    if (isValid) return <StatusText level="ok">Every replica would take it.</StatusText>;
    return <StatusText level="down">The gateway refuses it: {formatQuantity(problems.length, 'problem')}.</StatusText>;
  };
  return (
    <p className={classes.judgement} role="status">
      {words()}
    </p>
  );
}
