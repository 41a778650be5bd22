/** Where a gateway gets its time from; handed in, so that a test can say what time it is. */
export interface Clock {
  /** Epoch ms; may step back when the machine's clock is set. */
  now(): number;
  /** Milliseconds that never step back, from an origin of the clock's choice: for durations only. */
  monotonic(): number;
}

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };
