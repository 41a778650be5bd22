import type { Explanation, Level, StageOutcome } from '../../../app/contract/index.ts';
import { formatCount } from '../../components/format.ts';
import { StatusMark, StatusText } from '../../components/StatusMark.tsx';
import { ViewLink } from '../../shell/ViewLink.tsx';
import classes from './ExplainPanel.module.css';

/** The answer: where it goes or what the caller gets, then each route tried and each stage passed. */
export function ExplainResult({ explanation }: { explanation: Explanation }) {
  return (
    <div className={classes.result} aria-live="polite">
      <Verdict explanation={explanation} />
      <div className={classes.columns}>
        <section>
          <h3 className={classes.heading}>Routes tried</h3>
          <Tried tried={explanation.tried} />
        </section>
        <section>
          <h3 className={classes.heading}>Stages</h3>
          <Stages stages={explanation.stages} />
        </section>
      </div>
    </div>
  );
}

function Verdict({ explanation }: { explanation: Explanation }) {
  const { answer, route, upstream, rewrittenPath, canonicalPath, url } = explanation;
  const path = url.replace(/^https?:\/\/[^/]*/i, '').split(/[?#]/)[0];
  const wasNormalised = canonicalPath !== null && canonicalPath !== path;
  return (
    <div className={classes.verdict}>
      {answer && answer.status >= 400 ? (
        <StatusText level="down">
          The caller gets <b>{answer.status}</b> <span className="mono">{answer.code}</span>: {answer.detail}
        </StatusText>
      ) : answer ? (
        <StatusText level="ok">
          The caller gets <b>{answer.status}</b>: {answer.detail}
        </StatusText>
      ) : (
        <StatusText level="ok">
          Goes to <span className={classes.target}>{upstream}</span> as <b className="mono">{rewrittenPath}</b>
          {route ? (
            <>
              {' '}
              by route{' '}
              <ViewLink view="routes" search={{ route }}>
                {route}
              </ViewLink>
            </>
          ) : null}
        </StatusText>
      )}
      {wasNormalised ? (
        <p className="dim">
          Matched as <span className="mono">{canonicalPath}</span>, its canonical form.
        </p>
      ) : null}
    </div>
  );
}

/** Routes after the match share one line: there may be hundreds. */
function Tried({ tried }: { tried: Explanation['tried'] }) {
  const asked = tried.filter(({ result }) => result !== 'notTried');
  const rest = tried.filter(({ result }) => result === 'notTried');
  return (
    <ol>
      {asked.map(({ route, result, reason }) => (
        <li key={route} className={classes.entry} data-result={result}>
          {result === 'matched' ? <StatusMark level="ok" label="matches" /> : <span />}
          <span className={classes.name}>{route}</span>
          <span className={classes.reason}>{reason}</span>
        </li>
      ))}
      {rest.length > 0 ? (
        <li className={classes.entry} data-result="notTried">
          <span />
          <span className={classes.name}>{formatCount(rest.length)} not tried</span>
          <span className={classes.reason} title={rest.map(({ route }) => route).join(', ')}>
            {rest[0]?.reason}
          </span>
        </li>
      ) : null}
    </ol>
  );
}

const outcomes: Record<StageOutcome['outcome'], Level> = { pass: 'ok', stop: 'down', skip: 'unknown' };

function Stages({ stages }: { stages: Explanation['stages'] }) {
  return (
    <ol>
      {stages.map(({ stage, outcome, sentence }) => (
        <li key={stage} className={classes.entry} data-outcome={outcome}>
          <StatusMark level={outcomes[outcome]} label={outcome} />
          <span className={classes.name}>{stage}</span>
          <span className={classes.reason}>{sentence}</span>
        </li>
      ))}
    </ol>
  );
}
