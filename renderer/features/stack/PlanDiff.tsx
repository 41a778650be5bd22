// What a plan changes, by resource, read like a diff.
import type { FieldChange, Plan } from '../../../app/contract/index.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { formatQuantity } from '../../components/format.ts';
import classes from './PlanDiff.module.css';
import { type DiffGroup, type DiffRow, toDiffGroups } from './planView.ts';

/** More fields than this are folded away: one looks for a service first, then for what changes of it. */
const SHOWN_FIELDS = 40;

export function PlanDiff({ plan }: { plan: Plan }) {
  const groups = toDiffGroups(plan);
  const fields = plan.steps.reduce((sum, { changes }) => sum + changes.length, 0);
  return (
    <div className={classes.diff}>
      {groups.length === 0 ? (
        <EmptyState
          title="Nothing to do"
          next={
            plan.unchanged.length > 0
              ? `${formatQuantity(plan.unchanged.length, 'service')} as they should be.`
              : 'What was asked for is so already.'
          }
        />
      ) : null}
      {groups.map((group) => (
        <Group key={group.resource} group={group} isOpen={fields <= SHOWN_FIELDS} />
      ))}
      {groups.length > 0 && plan.unchanged.length > 0 ? (
        <details className={classes.unchanged}>
          <summary>{formatQuantity(plan.unchanged.length, 'service')} unchanged</summary>
          <p className="dim">{plan.unchanged.join(', ')}</p>
        </details>
      ) : null}
    </div>
  );
}

function Group({ group, isOpen }: { group: DiffGroup; isOpen: boolean }) {
  return (
    <section>
      <h3 className={classes.heading}>
        {group.title} <span className={classes.counts}>{group.counts}</span>
      </h3>
      <ul>
        {group.rows.map((row) => (
          <li key={row.step.id} className={classes.row} data-tone={row.tone}>
            {row.step.changes.length === 0 ? (
              <RowHead row={row} />
            ) : (
              <details open={isOpen}>
                <summary className={classes.summary}>
                  <RowHead row={row} />
                </summary>
                <Fields changes={row.step.changes} />
              </details>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function RowHead({ row: { step, sign, words, after } }: { row: DiffRow }) {
  return (
    <span className={classes.head}>
      <span className={classes.sign} aria-hidden="true">
        {sign}
      </span>
      <span className={classes.name}>{step.name}</span>
      <span className={classes.words}>
        {words}
        {after.length > 0 ? <span className="faint"> · after {after.join(', ')}</span> : null}
      </span>
    </span>
  );
}

/** Beside each other: what is, and what will be. Values are of others, and text. */
export function Fields({
  changes,
  from = 'now',
  to = 'then',
}: {
  changes: readonly FieldChange[];
  from?: string;
  to?: string;
}) {
  return (
    <table className={classes.fields}>
      <thead className="heard">
        <tr>
          <th scope="col">Field</th>
          <th scope="col">{from}</th>
          <th scope="col">{to}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={change.field}>
            <th scope="row">{change.field}</th>
            {change.masked && change.from === change.to ? (
              <td colSpan={2} className={classes.hidden}>
                differs, and is a secret: hidden
              </td>
            ) : (
              <>
                <Value text={change.from} side="from" />
                <Value text={change.to} side="to" />
              </>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Value({ text, side }: { text: string | null; side: 'from' | 'to' }) {
  if (text === null) return <td className={classes.hidden}>not set</td>;
  return (
    <td className={classes.value} data-side={side}>
      <span aria-hidden="true">{side === 'from' ? '− ' : '+ '}</span>
      {text === '' ? <i>empty</i> : text}
    </td>
  );
}
