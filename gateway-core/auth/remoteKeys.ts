// Keys at a URL (JWKS). One fetch at a time whoever waits for it; old keys serve while newer ones cannot be had; and what
// callers send can never make the gateway ask more often than the intervals below.
import type { Log } from '../server/log.ts';
import type { KeySource } from './keySource.ts';
import type { KeySet } from './verificationKey.ts';

/** At most four fetches a minute, however many unknown keys are named: a new key is in use at the latest after this. */
const ASK_AGAIN_MS = 15_000;
/** After a failure: 1, 2, 4 … 60 s. */
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;

export interface RemoteKeysOptions {
  readonly provider: string;
  /** As it may be told and logged. */
  readonly url: string;
  /** Keys this old are fetched again by the next request, which does not wait. */
  readonly refreshMs: number;
  /** How long keys are used while they cannot be fetched again. */
  readonly staleMs: number;
  /** Resolves with the text of the key set; rejects with a reason that may be logged. */
  readonly fetch: (signal: AbortSignal) => Promise<string>;
  /** Throws when the text has no usable key. */
  readonly parse: (text: string) => KeySet;
  readonly log: Log;
  /** Monotonic ms. */
  readonly now: () => number;
}

export function createRemoteKeys(options: RemoteKeysOptions): KeySource {
  return new RemoteKeys(options);
}

class RemoteKeys implements KeySource {
  private readonly options: RemoteKeysOptions;
  private readonly ending = new AbortController();
  private keys: KeySet | null = null;
  private text = '';
  private fetchedAt = Number.NEGATIVE_INFINITY;
  private mayAskAt = Number.NEGATIVE_INFINITY;
  private asking: Promise<void> | null = null;
  private failures = 0;
  private failure: string | null = null;

  constructor(options: RemoteKeysOptions) {
    this.options = options;
  }

  current(): KeySet | null | Promise<KeySet | null> {
    const { refreshMs } = this.options;
    const age = this.options.now() - this.fetchedAt;
    if (age < refreshMs) return this.keys;
    const asking = this.ask();
    const usable = this.peek();
    // After hours without a request a key may be long revoked: then the answer is waited for, unless there is none to be had.
    const isOverdue = this.failures === 0 && age >= 2 * refreshMs;
    return asking && (usable === null || isOverdue) ? asking.then(() => this.peek()) : usable;
  }

  peek(): KeySet | null {
    return this.options.now() - this.fetchedAt < this.options.staleMs ? this.keys : null;
  }

  renew(known: KeySet): KeySet | null | Promise<KeySet | null> {
    const newer = () => (this.keys === known ? null : this.peek());
    const asking = newer() ? null : this.ask();
    return asking ? asking.then(newer) : newer();
  }

  warm(): void {
    void this.current();
  }

  close(): void {
    this.ending.abort(new Error('the gateway closes'));
  }

  status() {
    const { url, now } = this.options;
    const { keys, failure } = this;
    return {
      source: url,
      keys: keys?.keys.length ?? 0,
      unused: keys?.unused ?? [],
      ageMs: keys ? now() - this.fetchedAt : null,
      failure,
      retryAfterMs: Math.max(0, this.mayAskAt - now()),
    };
  }

  /** The fetch that runs, or a new one; null when it is too soon. */
  private ask(): Promise<void> | null {
    if (this.asking) return this.asking;
    const startedAt = this.options.now();
    if (startedAt < this.mayAskAt || this.ending.signal.aborted) return null;
    this.mayAskAt = startedAt + ASK_AGAIN_MS;
    this.asking = this.fetch(startedAt).finally(() => {
      this.asking = null;
    });
    return this.asking;
  }

  private async fetch(startedAt: number): Promise<void> {
    const { provider, url, log, parse } = this.options;
    try {
      const text = await this.options.fetch(this.ending.signal);
      // The same text is the same set, so that what was verified by it stays verified.
      if (text !== this.text || !this.keys) {
        const keys = parse(text);
        this.keys = keys;
        this.text = text;
        log.info('keys fetched', { provider, url, keys: keys.keys.length, unused: keys.unused });
      }
      this.fetchedAt = startedAt;
      this.failures = 0;
      this.failure = null;
    } catch (error) {
      if (this.ending.signal.aborted) return;
      this.failure = error instanceof Error ? error.message : String(error);
      const backoffMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** this.failures);
      this.failures += 1;
      this.mayAskAt = this.options.now() + backoffMs;
      log.error('keys could not be fetched', {
        provider,
        url,
        reason: this.failure,
        backoffMs,
        old: this.keys !== null,
      });
    }
  }
}
