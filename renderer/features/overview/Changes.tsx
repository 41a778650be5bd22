import type { Change } from '../../../app/contract/index.ts';
import { StatusMark } from '../../components/StatusMark.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { ViewLink } from '../../shell/ViewLink.tsx';
import classes from './Changes.module.css';

const SHOWN = 6;

/** What changed last, newest first. */
export function Changes({ changes }: { changes: Change[] }) {
  return (
    <ol className={classes.list}>
      {changes.slice(0, SHOWN).map((change) => (
        <li key={change.id} className={classes.change}>
          <TimeText at={change.at} />
          <span>
            <StatusMark level={change.level} />
          </span>
          <p className={classes.text}>
            {change.link ? (
              <ViewLink view={change.link.view} search={change.link.search} className={classes.subject}>
                {change.subject}
              </ViewLink>
            ) : (
              <b className={classes.subject}>{change.subject}</b>
            )}{' '}
            {change.text}
          </p>
        </li>
      ))}
    </ol>
  );
}
