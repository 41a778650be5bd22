// One stream for each subscription and input, shared by all views that show it; stopped with the last of them.
import { getUntypedClient } from '@trpc/client';
import { type GatehouseClient, type Problem, problemOf } from '../../app/contract/index.ts';
import { type Live, loading } from './live.ts';
import type { InputOf, SubscriptionName, ValueOf } from './subscriptions.ts';

/** A view that is left and entered again within this time finds its stream still running. */
const LINGER_MS = 5_000;
const HIDDEN_LIMIT_MS = 30_000;
const RETRY_MS = [500, 1_000, 2_000, 5_000];

interface Channel {
  live: Live<unknown>;
  viewers: Set<() => void>;
  start(): void;
  stop(): void;
}

/** What a stream tells the one who opened it. */
export interface StreamListener<T> {
  onValue: (value: T) => void;
  /** The stream begins (again): what follows starts with the current state. */
  onBegin: () => void;
  onInterrupted: (problem: Problem | null) => void;
}

export class LiveRegistry {
  readonly #client: GatehouseClient;
  readonly #onUnauthenticated: () => void;
  readonly #channels = new Map<string, Channel>();
  /** Streams that stop while nobody looks at the window. */
  readonly #running = new Set<{ pause: () => void; resume: () => void }>();
  #paused = false;

  constructor(client: GatehouseClient, onUnauthenticated: () => void) {
    this.#client = client;
    this.#onUnauthenticated = onUnauthenticated;
  }

  /** Stops all streams when the document was hidden for 30 s, and brings them back when it is shown. */
  followVisibility(document: Document): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onChange = () => {
      clearTimeout(timer);
      if (document.hidden) timer = setTimeout(() => this.#setPaused(true), HIDDEN_LIMIT_MS);
      else this.#setPaused(false);
    };
    document.addEventListener('visibilitychange', onChange);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onChange);
    };
  }

  #setPaused(paused: boolean): void {
    if (this.#paused === paused) return;
    this.#paused = paused;
    for (const stream of this.#running) paused ? stream.pause() : stream.resume();
  }

  /** Opens a stream that outlives lost connections and failures of the host. Returns what closes it. */
  open<N extends SubscriptionName>(name: N, input: InputOf<N>, listener: StreamListener<ValueOf<N>>): () => void {
    let subscription: { unsubscribe: () => void } | null = null;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let failures = 0;
    let began = false;
    /** Which subscription is listened to. The client also completes one that is left: that must not bring it back. */
    let current = 0;

    const leave = () => {
      current += 1;
      clearTimeout(retry);
      subscription?.unsubscribe();
      subscription = null;
    };
    const again = () => {
      subscription = null;
      const delay = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)];
      failures += 1;
      retry = setTimeout(begin, delay);
    };
    const begin = () => {
      leave();
      const own = current;
      const isLeft = () => own !== current;
      began = false;
      subscription = getUntypedClient(this.#client.api).subscription(name, input, {
        onData: (value) => {
          if (isLeft()) return;
          if (!began) listener.onBegin();
          began = true;
          failures = 0;
          listener.onValue(value as ValueOf<N>);
        },
        onConnectionStateChange: (state) => {
          if (isLeft() || state.state !== 'connecting') return;
          // The socket went away; the client asks again by itself, and the first value is then the current one.
          if (began) listener.onInterrupted(null);
          began = false;
        },
        onError: (error) => {
          if (isLeft()) return;
          const problem = problemOf(error);
          if (problem.code === 'unauthenticated') this.#onUnauthenticated();
          listener.onInterrupted(problem);
          again();
        },
        onComplete: () => {
          if (isLeft()) return;
          listener.onInterrupted(null);
          again();
        },
      });
    };
    const pause = () => {
      leave();
      listener.onInterrupted(null);
    };
    const stream = { pause, resume: begin };
    this.#running.add(stream);
    if (!this.#paused) begin();
    return () => {
      this.#running.delete(stream);
      leave();
    };
  }

  /** The shared channel of a value. Its newest value is kept, one change a frame is told. */
  channel<N extends SubscriptionName>(name: N, input: InputOf<N>): Channel {
    const key = `${name} ${JSON.stringify(input ?? null)}`;
    const existing = this.#channels.get(key);
    if (existing) return existing;
    const channel = this.#createChannel(name, input, () => this.#channels.delete(key));
    this.#channels.set(key, channel);
    return channel;
  }

  #createChannel<N extends SubscriptionName>(name: N, input: InputOf<N>, forget: () => void): Channel {
    let close: (() => void) | null = null;
    let linger: ReturnType<typeof setTimeout> | undefined;
    const set = (live: Live<unknown>) => {
      channel.live = live;
      perFrame(channel, () => {
        for (const tell of channel.viewers) tell();
      });
    };
    const channel: Channel = {
      live: loading,
      viewers: new Set(),
      start: () => {
        clearTimeout(linger);
        close ??= this.open(name, input, {
          onBegin: () => {},
          onValue: (data) => set({ state: 'live', data, at: Date.now(), problem: null }),
          onInterrupted: (problem) => set(interrupted(channel.live, problem)),
        });
      },
      stop: () => {
        linger = setTimeout(() => {
          close?.();
          close = null;
          forget();
        }, LINGER_MS);
      },
    };
    return channel;
  }
}

/**
 * Pure: a value whose stream was interrupted stays, as stale; without a value a problem is a failure. A live value was
 * current until now, however long ago it changed last: its age counts from the interruption.
 */
export function interrupted<T>(live: Live<T>, problem: Problem | null, now = Date.now()): Live<T> {
  if (live.state === 'live') return { state: 'stale', data: live.data, at: now, problem };
  if (live.state === 'stale') return { ...live, problem };
  if (problem) return { state: 'failed', data: null, at: null, problem };
  return live;
}

/** A window that is hidden gets no frames, one behind others perhaps one a second: its news is not to wait for them. */
const LONGEST_FRAME_MS = 250;
const waiting = new Map<object, () => void>();
let scheduled = false;

/** Runs `work` once in the next frame, or after 250 ms without one, however often it is asked for the same owner. */
export function perFrame(owner: object, work: () => void): void {
  waiting.set(owner, work);
  if (scheduled) return;
  scheduled = true;
  const run = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    scheduled = false;
    const due = [...waiting.values()];
    waiting.clear();
    for (const task of due) task();
  };
  const frame = requestAnimationFrame(run);
  const timer = setTimeout(run, LONGEST_FRAME_MS);
}
