import type { ReactNode } from 'react';
import type { Breaker, BreakerTransition, Level, Service } from '../../../app/contract/index.ts';
import { StatusMark } from '../../components/StatusMark.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { ViewLink } from '../../shell/ViewLink.tsx';
import { toFailedFilter } from './breakerFigures.ts';
import { toStory } from './breakerStory.ts';
import classes from './TrippedBreaker.module.css';

const SHOWN = 5;
const levels: Record<BreakerTransition['to'], Level> = { closed: 'ok', 'half-open': 'degraded', open: 'down' };

interface StoryEvent {
  at: number | null;
  level: Level;
  key: string;
  text: ReactNode;
}

/** What led here, newest first: the transitions with their reasons, and how the upstream's service is. */
export function BreakerStory({ breaker, service }: { breaker: Breaker; service: Service | null }) {
  const transitions = toStory(breaker.transitions)
    .slice(0, SHOWN)
    .map(
      ({ transition, count, firstAt }): StoryEvent => ({
        at: transition.at,
        level: levels[transition.to],
        key: `${transition.at} ${transition.to}`,
        text: (
          <>
            <b>
              {transition.from} → {transition.to}
            </b>
            {count > 1 ? (
              <>
                , {count} times since <TimeText at={firstAt} />
              </>
            ) : null}
            : {transition.reason}
            {transition.from === 'closed' ? (
              <>
                {' · '}
                <ViewLink view="traffic" search={{ filter: toFailedFilter(breaker) }}>
                  see them
                </ViewLink>
              </>
            ) : null}
          </>
        ),
      }),
    );
  return (
    <ol className={classes.story} aria-label={`Story of ${breaker.upstream}`}>
      {[...(service ? [toServiceEvent(service)] : []), ...transitions].map((event) => (
        <li key={event.key} className={classes.event}>
          {event.at === null ? <span>now</span> : <TimeText at={event.at} />}
          <StatusMark level={event.level} />
          <span>{event.text}</span>
        </li>
      ))}
    </ol>
  );
}

function toServiceEvent(service: Service): StoryEvent {
  return {
    at: null,
    level: service.level,
    key: 'service',
    text: (
      <>
        <ViewLink view="services" search={{ service: service.name }}>
          {service.name}
        </ViewLink>{' '}
        is {service.statusText}
      </>
    ),
  };
}
