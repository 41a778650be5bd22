import { pass, type Stage, stop } from './stage.ts';

/** Asks the upstream's breaker for one request. */
export const breaker: Stage = {
  name: 'breaker',
  decide(_request, { route }, { askBreaker }) {
    if (!route) return { outcome: 'skip', sentence: 'There is no upstream, so no breaker is asked.' };
    const name = route.upstream.name;
    if (!askBreaker)
      return { outcome: 'skip', sentence: `The breaker of ${name} is not asked: no running gateway was asked.` };
    const answer = askBreaker(name);
    if (answer.admitted)
      return pass(
        answer.state === 'closed' ? `The breaker of ${name} is closed.` : `The breaker of ${name} lets a trial pass.`,
        { breaker: answer.state },
      );
    const seconds = answer.retryAfterSeconds;
    const headers = [['retry-after', String(seconds)]] as const;
    if ('unavailable' in answer && answer.unavailable === 'no-healthy-replica')
      return stop(
        {
          code: 'no-healthy-replica',
          detail: `No replica of ${name} takes requests; try again in ${seconds} s.`,
          headers,
        },
        { breaker: answer.state },
      );
    return stop(
      {
        code: 'breaker-open',
        detail: `The breaker of ${name} is ${answer.state}; try again in ${seconds} s.`,
        headers,
      },
      { breaker: answer.state },
    );
  },
};
