// The link to Redis. It is asked only while it is known to answer; whatever goes wrong, the asker is told at once to
// decide alone, and the link finds its way back by itself.
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import type { Log } from '../server/log.ts';
import type { LimitRedis } from './limitsSection.ts';
import { sharedScript } from './sharedScript.ts';

/** Where Redis is and how it is asked, with what its password file held. */
export interface SharedTarget extends LimitRedis {
  readonly password: string | null;
}

export interface SharedState {
  readonly state: 'shared' | 'fallback';
  /** Epoch ms. */
  readonly since: number;
  /** Why it is not shared; null while it is. */
  readonly reason: string | null;
}

export interface SharedStore {
  readonly target: SharedTarget;
  state(): SharedState;
  /**
   * Runs the script. undefined when it cannot be asked now; a promise of undefined when the answer did not come in time.
   * Never rejects.
   */
  ask(mode: 'take' | 'look', question: Question): Promise<number[] | undefined> | undefined;
  /** False when Redis could not be told. */
  forget(key: string): Promise<boolean>;
  close(): void;
}

interface Question {
  /** Without the prefix. */
  readonly keys: readonly string[];
  /** Increment and capacity of each. */
  readonly numbers: readonly number[];
}

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;
/** A link that stood as long has shown that Redis is well; what fails after that begins with short waits again. */
const STEADY_MS = 10_000;
/** Of connecting, of the handshake, and of an answer that nobody waits for any more. */
const LINK_TIMEOUT_MS = 1_000;

/** Reads the password. Throws when its file cannot be read, and says nothing of what is in it. */
export function readSharedTarget(redis: LimitRedis): SharedTarget {
  if (redis.passwordFile === null) return { ...redis, password: null };
  try {
    return { ...redis, password: readFileSync(redis.passwordFile, 'utf8').replace(/\r?\n$/, '') };
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new Error(`limits.redis.passwordFile "${redis.passwordFile}" cannot be read: ${reason}`);
  }
}

/** `now` says epoch ms. */
export function createSharedStore(target: SharedTarget, log: Log, now: () => number = Date.now): SharedStore {
  return new Link(target, log, now);
}

class Link implements SharedStore {
  readonly target: SharedTarget;
  private readonly log: Log;
  /** undefined until the client library is loaded, which only a gateway with a Redis does. */
  private redis: Redis | undefined;
  private readonly now: () => number;
  private current: SharedState;
  private inFlight = 0;
  private failures = 0;
  private closed = false;

  constructor(target: SharedTarget, log: Log, now: () => number) {
    this.target = target;
    this.log = log;
    this.now = now;
    this.current = { state: 'fallback', since: now(), reason: 'not connected yet' };
    void this.connect();
  }

  private async connect(): Promise<void> {
    const { target } = this;
    const { Redis } = await import('ioredis');
    if (this.closed) return;
    this.redis = new Redis(target.url, {
      ...(target.username === null ? {} : { username: target.username }),
      ...(target.password === null ? {} : { password: target.password }),
      connectionName: 'gatehouse-gateway',
      disableClientInfo: true,
      protocol: 2,
      // A question that cannot be asked at once is decided here: nothing may wait in a queue.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      connectTimeout: LINK_TIMEOUT_MS,
      socketTimeout: LINK_TIMEOUT_MS,
      retryStrategy: () => this.nextRetryMs(),
    });
    this.redis.on('ready', () => void this.prove());
    // Says why before 'close' says that.
    this.redis.on('error', (error: Error) => this.leave(describe(error)));
    this.redis.on('close', () => this.current.state === 'shared' && this.leave('the connection is closed'));
  }

  state(): SharedState {
    return this.current;
  }

  ask(mode: 'take' | 'look', question: Question): Promise<number[] | undefined> | undefined {
    if (!this.redis || this.current.state !== 'shared') return undefined;
    if (this.inFlight >= this.target.commandsInFlight) return undefined;
    return this.run(this.redis, mode, question);
  }

  async forget(key: string): Promise<boolean> {
    if (!this.redis || this.current.state !== 'shared') return false;
    return this.redis.del(this.target.keyPrefix + key).then(
      () => true,
      () => false,
    );
  }

  close(): void {
    this.closed = true;
    this.redis?.disconnect();
  }

  /** Written to once before it is trusted: a replica and a full Redis answer reads alone. */
  private async prove(): Promise<void> {
    if (!this.redis) return;
    const answer = await this.run(this.redis, 'take', { keys: ['proof'], numbers: [1, 1_000_000] });
    if (answer === undefined || this.closed) return;
    this.current = { state: 'shared', since: this.now(), reason: null };
    this.log.info('limits are counted in Redis', { url: this.target.url });
  }

  private run(redis: Redis, mode: 'take' | 'look', { keys, numbers }: Question): Promise<number[] | undefined> {
    this.inFlight += 1;
    const { keyPrefix, timeoutMs } = this.target;
    const names = keys.map((key) => keyPrefix + key);
    return new Promise((resolve) => {
      const give = (reason: string): void => {
        resolve(undefined);
        this.abandon(redis, reason);
      };
      let settled = false;
      const late = setTimeout(() => {
        // When our own event loop stood still, the answer is in the socket already and comes in this turn of the loop.
        setImmediate(() => settled || give(`no answer in ${timeoutMs} ms`));
      }, timeoutMs);
      const settle = (): void => {
        settled = true;
        this.inFlight -= 1;
        clearTimeout(late);
      };
      evaluate(redis, names, [mode, ...numbers.map(String)]).then(
        (answer) => {
          settle();
          resolve(answer);
        },
        (error: unknown) => {
          settle();
          give(describe(error));
        },
      );
    });
  }

  /** The connection is given up with everything on it: what is still asked is decided here, at once. */
  private abandon(redis: Redis, reason: string): void {
    const isReady = redis.status === 'ready';
    // Of a connection that was given up before, nothing more is to be learnt.
    if (this.closed || (!isReady && this.current.state === 'fallback')) return;
    this.leave(reason);
    if (isReady) redis.disconnect(true);
  }

  private leave(reason: string): void {
    const { state, since } = this.current;
    if (this.closed) return;
    if (state === 'fallback') {
      this.current = { state, since, reason };
      return;
    }
    if (this.now() - since >= STEADY_MS) this.failures = 0;
    this.current = { state: 'fallback', since: this.now(), reason };
    this.log.warn('Redis does not answer, so limits are counted by this gateway alone', {
      url: this.target.url,
      reason,
    });
  }

  /** Growing, and different on each gateway, so that they do not all come back at the same moment. */
  private nextRetryMs(): number {
    const longest = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(this.failures, 16));
    this.failures += 1;
    return longest * (0.5 + Math.random() / 2);
  }
}

async function evaluate(redis: Redis, names: readonly string[], args: readonly string[]): Promise<number[]> {
  try {
    return (await redis.evalsha(sharedScript.sha, names.length, ...names, ...args)) as number[];
  } catch (error) {
    // Redis forgets scripts when it starts again, and when it is told to.
    if (!describe(error).startsWith('NOSCRIPT')) throw error;
    return (await redis.eval(sharedScript.text, names.length, ...names, ...args)) as number[];
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
