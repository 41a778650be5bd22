// Work that runs only while somebody wants it, and a while longer.

export interface WhileUsed {
  /** Starts it where it does not run; it goes on for `lingerMs` at least. */
  touch(): void;
  /** Starts it, and keeps it until the returned function is called. */
  hold(): () => void;
  /** Resolves when it has ended. */
  close(): Promise<void>;
}

/** `work` ends when its signal is aborted. */
export function createWhileUsed(work: (signal: AbortSignal) => Promise<void>, lingerMs: number): WhileUsed {
  let holders = 0;
  let running: { ending: AbortController; ended: Promise<void> } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const stop = async () => {
    clearTimeout(timer);
    const { ending, ended } = running ?? {};
    running = undefined;
    ending?.abort();
    await ended;
  };
  const touch = () => {
    if (isClosed) return;
    clearTimeout(timer);
    if (holders === 0) timer = setTimeout(() => void stop(), lingerMs);
    if (running) return;
    const ending = new AbortController();
    running = { ending, ended: work(ending.signal).catch(() => {}) };
  };
  return {
    touch,
    hold() {
      holders += 1;
      touch();
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        holders -= 1;
        if (holders === 0 && running) touch();
      };
    },
    async close() {
      isClosed = true;
      await stop();
    },
  };
}
