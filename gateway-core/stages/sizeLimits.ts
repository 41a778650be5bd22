import { pass, type Stage, stop } from './stage.ts';

/** Refuses a body that is announced as too large; one that turns out so is cut off while it is forwarded. */
export const sizeLimits: Stage = {
  name: 'size-limits',
  decide(_request, { route, bodyBytes }) {
    if (!route) return { outcome: 'skip', sentence: 'There is no route, so there is no limit.' };
    const limit = route.bodyLimitBytes;
    if (bodyBytes !== null && bodyBytes > limit)
      return stop({
        code: 'body-too-large',
        detail: `The body has ${bodyBytes} bytes; route ${route.id} takes ${limit}.`,
      });
    if (bodyBytes === null) return pass(`The body is counted as it comes; the limit is ${limit} bytes.`);
    return pass(bodyBytes === 0 ? 'There is no body.' : `The body has ${bodyBytes} bytes; the limit is ${limit}.`);
  },
};
