// Breakers, as others may read them. Pure.
import type { Breaker } from '../../../app/contract/index.ts';
import { formatCount, formatMoment, formatMs, formatPercent, formatRate } from '../../components/format.ts';
import type { Report } from '../../components/report.ts';
import {
  type BreakerFigures,
  type TroubledBreaker,
  toPercentText,
  toSecondsText,
  toThresholdText,
} from './breakerFigures.ts';

export function toTrippedReport(breaker: Breaker, { callersFailing }: BreakerFigures): Report {
  const { upstream, state, since, nextTrialAt, refused, thresholds, transitions } = breaker;
  return {
    verdict: `Breaker of ${upstream}: ${state} since ${formatMoment(since)}`,
    evidence: [
      callersFailing
        ? `Callers failing: ${toPercentText(callersFailing.share)}, ${formatRate(callersFailing.perSecond)}/s (last ${toSecondsText(callersFailing.windowMs)} with requests)`
        : 'Callers failing: not known',
      `Refused since it opened: ${formatCount(refused)}; next trial: ${formatMoment(nextTrialAt)}; opens at ${toThresholdText(thresholds)}`,
      {
        headers: ['at', 'from', 'to', 'because'],
        rows: transitions.map(({ at, from, to, reason }) => [formatMoment(at), from, to, reason]),
      },
    ],
    command: 'gatehouse breakers',
  };
}

export function toClosedReport(breakers: readonly TroubledBreaker[]): Report {
  return {
    verdict: `${breakers.length} breakers are closed`,
    evidence: [
      'Figures of the last 60 s, by the gateway',
      {
        headers: ['upstream', 'level', 'req/s', 'upstream errors %', 'p95 ms', 'opens at'],
        figures: [2, 3, 4],
        rows: breakers.map(({ breaker, level, figures }) => [
          breaker.upstream,
          level,
          formatRate(figures.requestsPerSecond),
          formatPercent(figures.upstreamFailingShare),
          formatMs(figures.p95Ms),
          toThresholdText(breaker.thresholds),
        ]),
      },
    ],
    command: 'gatehouse breakers',
  };
}
