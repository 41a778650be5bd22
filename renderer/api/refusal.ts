// Tells a host that refuses this session from one that is away: both close the socket.

/** Close codes that say it outright: policy violation (RFC 6455, section 7.4.1), and 4401 as many servers use it. */
const REFUSAL_CODES = new Set([1008, 4401]);
/** A host that accepts a connection and drops it at once, time after time, refuses its token. */
const SHORT_MS = 3000;
const SHORT_LIVES = 3;

export function createRefusalDetector(onRefused: () => void, now: () => number = Date.now) {
  let openedAt: number | null = null;
  let shortLives = 0;
  return {
    opened() {
      openedAt = now();
    },
    closed(code: number | undefined) {
      if (code !== undefined && REFUSAL_CODES.has(code)) return onRefused();
      if (openedAt !== null) shortLives = now() - openedAt < SHORT_MS ? shortLives + 1 : 0;
      openedAt = null;
      if (shortLives >= SHORT_LIVES) {
        shortLives = 0;
        onRefused();
      }
    },
  };
}
