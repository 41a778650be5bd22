import { useMemo } from 'react';
import { Sparkline } from '../../components/Sparkline.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import type { BreakerFigures } from './breakerFigures.ts';
import classes from './TrippedBreaker.module.css';

/** The share of callers' requests that failed, over two minutes. */
export function BreakerCourse({ course }: { course: BreakerFigures['course'] }) {
  const values = useMemo(() => course.map(({ errorShare }) => errorShare), [course]);
  const [first, last] = [course[0], course.at(-1)];
  return (
    <div className={classes.course}>
      <p className={classes.courseTitle}>Failed share, 2 min</p>
      {first && last ? (
        <>
          <div className={classes.plot}>
            <Sparkline
              values={values}
              label="Failed share of callers, two minutes"
              tone="down"
              max={1}
              width={300}
              height={104}
              filled
              wide
            />
          </div>
          <p className={classes.axis}>
            <TimeText at={first.at} />
            <TimeText at={last.at} />
          </p>
        </>
      ) : (
        <p className="faint">Nobody counted yet.</p>
      )}
    </div>
  );
}
