// How often somebody asked to end.

/** A terminal's Ctrl-C comes from the terminal and from whoever passes signals on (npm, a launcher): that is one. */
const SAME_SIGNAL_MS = 300;

/** Each call is one request; `listener` gets which one it is, from 1. */
export function countRequests(listener: (count: number) => void): () => void {
  let count = 0;
  let lastAt = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    if (now - lastAt < SAME_SIGNAL_MS) return;
    lastAt = now;
    count += 1;
    listener(count);
  };
}

/** Gives back what removes it again; then signals do what they do by default. */
export function onEndSignals(request: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, request);
  return () => {
    for (const signal of signals) process.off(signal, request);
  };
}
