// In which way what runs differs from its files: field by field, and by the content of what is mounted.
import { useQuery } from '@tanstack/react-query';
import type { Drift } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { toLive } from '../../api/liveQuery.ts';
import { Button } from '../../components/Button.tsx';
import { CopyCommand } from '../../components/CopyCommand.tsx';
import { formatQuantity } from '../../components/format.ts';
import { Panel } from '../../components/Panel.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { canChange, useEnvironment, useSourced } from '../../shell/environment.ts';
import diff from './PlanDiff.module.css';
import { Fields } from './PlanDiff.tsx';
import { toStackCommand } from './planCommand.ts';
import { type PlanWish, wishFor } from './planWish.ts';
import classes from './StackView.module.css';
import { toDriftReport } from './stackReports.ts';
import { useCommandPlace } from './useCommandPlace.ts';

type Difference = Drift['services'][number];

/** The signs of a plan: what bringing it up would do about it. */
const looks: Readonly<Record<Difference['kind'], { sign: string; tone: string; words: string }>> = {
  fields: { sign: '~', tone: 'changed', words: 'differs' },
  file: { sign: '~', tone: 'changed', words: 'mounted file' },
  missing: { sign: '+', tone: 'added', words: 'missing' },
  stopped: { sign: '▸', tone: 'begins', words: 'stopped' },
  orphan: { sign: '−', tone: 'removed', words: 'no file claims it' },
};

export function DriftPanel({ environment, onWish }: { environment: string; onWish: (wish: PlanWish) => void }) {
  // Asked while somebody looks, and when they say so: files are read inside of the containers for it.
  const query = useQuery({ ...useTRPC().stack.drift.queryOptions({ environment }), retry: false });
  const { data: frame } = useEnvironment();
  const place = useCommandPlace(environment);
  const live = useSourced('engine', toLive(query));
  return (
    <Panel
      title="Drift from the files"
      live={live}
      report={toDriftReport}
      rows={6}
      fill
      source={<DriftSource drift={live.data} />}
      tools={
        <Button size="small" disabled={query.isFetching} onClick={() => void query.refetch()}>
          {query.isFetching ? 'Comparing…' : 'Compare again'}
        </Button>
      }
    >
      {(drift) => (
        <>
          <div className={classes.scroll}>
            {drift.services.length === 0 ? (
              <p className={diff.heading}>Nothing that runs differs from the files.</p>
            ) : (
              <ul aria-label="Differences">
                {drift.services.map((one) => (
                  <DriftRow key={`${one.kind} ${one.container} ${one.path ?? ''}`} difference={one} />
                ))}
              </ul>
            )}
            <NotCompared unknown={drift.unknown} />
          </div>
          <div className={classes.foot}>
            <CopyCommand command={toStackCommand(['drift'], place)} />
            {drift.services.length > 0 && frame && canChange(frame.guard) ? (
              <Button onClick={() => onWish(wishFor('up'))}>Plan to bring it up as the files say…</Button>
            ) : null}
          </div>
        </>
      )}
    </Panel>
  );
}

function DriftSource({ drift }: { drift: Drift | null }) {
  if (!drift) return 'engine and files';
  const count = drift.services.length;
  return (
    <>
      {count === 0 ? 'none' : formatQuantity(count, 'difference')} · compared <TimeText at={drift.at} /> · engine and
      files
    </>
  );
}

function DriftRow({ difference }: { difference: Difference }) {
  const { service, container, kind, changes, path, detail } = difference;
  const { sign, tone, words } = looks[kind];
  return (
    <li className={diff.row} data-tone={tone}>
      <span className={diff.head}>
        <span className={diff.sign} aria-hidden="true">
          {sign}
        </span>
        <span className={diff.name}>
          <b>{service}</b> <span className="faint">{container}</span>
        </span>
        <span className={diff.words}>
          {path === null ? `${words}: ` : <span className="mono">{path}: </span>}
          {detail}
        </span>
      </span>
      {changes.length > 0 ? <Fields changes={changes} from="Runs" to="Files" /> : null}
    </li>
  );
}

/** Not compared is not the same: each with its reason. */
function NotCompared({ unknown }: Pick<Drift, 'unknown'>) {
  if (unknown.length === 0) return null;
  return (
    <section>
      <h3 className={diff.heading}>
        Not compared <span className={diff.counts}>{formatQuantity(unknown.length, 'mounted file')}</span>
      </h3>
      <ul>
        {unknown.map(({ service, path, reason }) => (
          <li key={`${service} ${path}`} className={diff.row}>
            <span className={diff.head}>
              <span className={diff.sign} aria-hidden="true">
                ?
              </span>
              <span className={diff.name}>
                <b>{service}</b>
              </span>
              <span className={diff.words}>
                <span className="mono">{path}: </span>
                {reason}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
