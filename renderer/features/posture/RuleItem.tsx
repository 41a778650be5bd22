import type { PostureEvidence, PostureRule } from '../../../app/contract/index.ts';
import { StatusMark } from '../../components/StatusMark.tsx';
import classes from './PostureView.module.css';
import { severityWords, statusWords, toLevel } from './postureFilter.ts';

/** So many of the services that a piece of evidence is about; the others are a count, the export names them all. */
const NAMED = 12;

/** One rule: what it demands, and when opened what was seen, what to do, and who says so. */
export function RuleItem({ rule, isOpen }: { rule: PostureRule; isOpen: boolean }) {
  const { id, severity, status, title, evidence, remedy, source } = rule;
  const shown =
    status === 'pass' || status === 'notApplicable' ? evidence : evidence.filter((one) => one.status !== 'pass');
  return (
    <li>
      <details className={classes.rule} open={isOpen}>
        <summary className={classes.summary}>
          <StatusMark level={toLevel(rule)} label={statusWords[status]} />
          <span className={classes.severity} data-severity={severity}>
            {severityWords[severity]}
          </span>
          <span className={classes.title}>{title}</span>
          <span className={classes.subjects}>{toSubjectText(shown)}</span>
          <code className={classes.id}>{id}</code>
        </summary>
        <div className={classes.body}>
          <ul className={classes.evidence}>
            {shown.map((one) => (
              <Evidence key={`${one.status} ${one.seen} ${one.where} ${one.waiver?.reason ?? ''}`} evidence={one} />
            ))}
          </ul>
          <dl className={classes.facts}>
            {status === 'fail' || status === 'waived' ? (
              <div>
                <dt>Do</dt>
                <dd>
                  <Remedy text={remedy} />
                </dd>
              </div>
            ) : null}
            <div>
              <dt>Source</dt>
              <dd>{source}</dd>
            </div>
          </dl>
        </div>
      </details>
    </li>
  );
}

function toSubjectText(evidence: readonly PostureEvidence[]): string {
  const subjects = [...new Set(evidence.flatMap((one) => one.subjects))];
  if (subjects.length <= 2) return subjects.join(', ');
  return `${subjects[0]} and ${subjects.length - 1} more`;
}

function Evidence({ evidence: { subjects, seen, where, waiver } }: { evidence: PostureEvidence }) {
  const more = subjects.length - NAMED;
  return (
    <li>
      {subjects.slice(0, NAMED).map((subject, at) => (
        <span key={subject}>
          {at > 0 ? ', ' : ''}
          <b>{subject}</b>
        </span>
      ))}
      {more > 0 ? ` and ${more} more` : ''}
      {subjects.length > 0 ? ': ' : ''}
      {seen} <span className="dim">· {where}</span>
      {waiver ? (
        <p className={classes.waiver}>
          Waived until {waiver.expires}: {waiver.reason}
        </p>
      ) : null}
    </li>
  );
}

/** What stands between backticks is to be written as it is. */
function Remedy({ text }: { text: string }) {
  return text.split('`').map((part, at) =>
    at % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence keep their places
      <code key={at} className={classes.code}>
        {part}
      </code>
    ) : (
      part
    ),
  );
}
