// The story of a breaker that is not closed: what callers get, what was seen before, until when, and since what.
import type { Breaker, Level, Service } from '../../../app/contract/index.ts';
import { CopyReport } from '../../components/CopyReport.tsx';
import { type Fact, FactList } from '../../components/FactList.tsx';
import { formatCount, formatDuration, formatRate } from '../../components/format.ts';
import { StatusMark } from '../../components/StatusMark.tsx';
import { useNow } from '../../components/useNow.ts';
import { GoToMenu } from '../../shell/GoToMenu.tsx';
import { around } from '../../shell/pivot.ts';
import { ViewLink } from '../../shell/ViewLink.tsx';
import { BreakerCourse } from './BreakerCourse.tsx';
import { BreakerStory } from './BreakerStory.tsx';
import {
  type BreakerFigures,
  toConnectThresholdText,
  toFailedFilter,
  toOpeningText,
  toPercentText,
  toSecondsText,
  toStaysOpenText,
  toThresholdText,
} from './breakerFigures.ts';
import { toTrippedReport } from './breakersReport.ts';
import classes from './TrippedBreaker.module.css';

export interface TrippedBreakerProps {
  breaker: Breaker;
  figures: BreakerFigures;
  level: Level;
  /** The upstream's service in the stack. */
  service: Service | null;
}

export function TrippedBreaker({ breaker, figures, level, service }: TrippedBreakerProps) {
  const isKnown = level !== 'unknown';
  return (
    <section className={classes.card} data-level={level} aria-label={`Breaker of ${breaker.upstream}`}>
      <header className={classes.head}>
        <StatusMark level={level} label={isKnown ? breaker.state : 'unknown'} />
        <h2 className={classes.title}>{breaker.upstream}</h2>
        <Phase breaker={breaker} isKnown={isKnown} />
        <GoToMenu
          size="small"
          subject={{
            kind: 'breaker',
            upstream: breaker.upstream,
            routes: breaker.routes,
            service: service?.name ?? null,
          }}
          moment={() => around(breaker.since)}
        />
        <CopyReport report={() => toTrippedReport(breaker, figures)} at={null} />
        <small className={classes.answer}>
          {isKnown ? <Answer breaker={breaker} /> : 'what callers get is unknown'}
        </small>
      </header>
      <div className={classes.body}>
        <FactList align="end" facts={toFacts(breaker, figures, isKnown)} />
        <BreakerCourse course={figures.course} />
        <BreakerStory breaker={breaker} service={service} />
      </div>
    </section>
  );
}

/** Until when, ticking each second; digits have one width, so that nothing moves. */
function Phase({ breaker, isKnown }: { breaker: Breaker; isKnown: boolean }) {
  const now = useNow();
  const since = formatDuration(now - breaker.since);
  if (!isKnown) return <span className={classes.phase}>last known: {breaker.state}</span>;
  if (breaker.state === 'half-open')
    return <span className={classes.phase}>half-open {since}, trials are running</span>;
  const left = breaker.nextTrialAt === null ? 0 : breaker.nextTrialAt - now;
  const trial = left > 0 ? `next trial in ${formatDuration(left + 999)}` : 'the next request is the trial';
  return (
    <span className={classes.phase}>
      open {since}, {trial}
    </span>
  );
}

/** Retry-After counts down with the time until the next trial (RFC 9110, section 10.2.3). */
function Answer({ breaker }: { breaker: Breaker }) {
  const now = useNow();
  const left = breaker.nextTrialAt === null ? 0 : breaker.nextTrialAt - now;
  return <>callers get 503 breaker-open with Retry-After {Math.max(1, Math.ceil(left / 1000))}</>;
}

function toFacts(breaker: Breaker, figures: BreakerFigures, isKnown: boolean): (Fact | null)[] {
  const failing = isKnown ? figures.callersFailing : null;
  const before = toOpeningText(breaker);
  return [
    {
      name: 'callers failing',
      value: failing ? (
        <span title={`in the last ${toSecondsText(failing.windowMs)} with requests`}>
          {toPercentText(failing.share)} · {formatRate(failing.perSecond)}/s
        </span>
      ) : (
        '–'
      ),
      tone: failing && failing.share > 0 ? 'down' : 'normal',
    },
    before ? { name: 'upstream, before', value: before } : null,
    {
      name: 'refused since',
      value: (
        <ViewLink view="traffic" search={{ filter: toFailedFilter(breaker) }}>
          {formatCount(breaker.refused)} · see them
        </ViewLink>
      ),
    },
    {
      name: 'opens at',
      value: toThresholdText(breaker.thresholds),
    },
    { name: 'or at', value: toConnectThresholdText(breaker.thresholds) },
    { name: 'stays open', value: toStaysOpenText(breaker.thresholds) },
  ];
}
