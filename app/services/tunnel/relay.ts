// The relay into one container, kept alive: opened, watched, and opened again with a growing delay.
import type { Duplex } from 'node:stream';
import { GatehouseError, type Problem } from '../../contract/index.ts';
import type { Engine } from '../docker/engine.ts';
import { createLiveValue, type LiveValue } from '../stream/liveValue.ts';
import { wait } from '../stream/wait.ts';
import { toOpenFailure } from './relayFailure.ts';
import { openLink, type RelayLink, type RelayTarget, type StartRelay } from './relayLink.ts';

export type RelayState =
  | { kind: 'connecting' }
  | { kind: 'live' }
  /** It is tried again. */
  | { kind: 'lost'; reason: string }
  /** This container has none, and trying again helps nothing. */
  | { kind: 'absent'; reason: string; problem: Problem }
  | { kind: 'closed' };

export interface Relay {
  readonly state: LiveValue<RelayState>;
  /**
   * Waits for a relay that is being opened; rejects with the reason when there is none. The connection may be written
   * to at once; its `error` says why the target was not reached.
   */
  connect(target: RelayTarget): Promise<Duplex>;
  /** Resolves when nothing of it is open any more. */
  close(): Promise<void>;
}

export interface RelayOptions {
  /** Asked at each attempt: an engine may come back at another address. Throws a problem. */
  openEngine: () => Engine;
  container: string;
  /** The container, as the operator calls it. */
  name: string;
  /** Whether addresses of the container's networks may be reached through it, and not its admin socket alone. */
  allowsTcp?: boolean;
  /** How it is started where that is not by an exec of the container's own program; asked at each attempt. */
  start?: StartRelay | undefined;
}

const firstDelayMs = 200;
const longestDelayMs = 5000;
/** A relay that held so long was good: the next attempt is made at once. */
const steadyMs = 10_000;

/**
 * Starts at once. A container that is started anew is another relay: the caller closes this one and opens the next,
 * as the events of the environment tell it.
 */
export function openRelay(options: RelayOptions): Relay {
  const closing = new AbortController();
  const state = createLiveValue<RelayState>({ kind: 'connecting' });
  let engine: Engine | undefined;
  let link: RelayLink | undefined;

  const runOnce = async (): Promise<RelayState> => {
    try {
      engine = options.openEngine();
      link = await openLink({ ...options, engine, signal: closing.signal });
      if (closing.signal.aborted) link.close();
      else state.set({ kind: 'live' });
      return { kind: 'lost', reason: await link.ended };
    } catch (error) {
      const failure = toOpenFailure(options.name, error);
      const { absence, message: reason } = failure;
      return absence ? { kind: 'absent', reason, problem: absence } : { kind: 'lost', reason };
    } finally {
      link = undefined;
      engine?.close();
    }
  };

  const keepOpen = async () => {
    let delayMs = firstDelayMs;
    while (!closing.signal.aborted) {
      const startedAt = Date.now();
      const end = await runOnce();
      if (closing.signal.aborted) break;
      state.set(end);
      if (end.kind === 'absent') return;
      delayMs = Date.now() - startedAt > steadyMs ? firstDelayMs : Math.min(longestDelayMs, delayMs * 2);
      await wait(delayMs, closing.signal);
    }
  };
  const running = keepOpen();

  return {
    state,
    async connect(target) {
      if (state.current.kind === 'connecting') await changeOf(state);
      if (link && state.current.kind === 'live') return link.connect(target);
      throw toError(state.current);
    },
    async close() {
      closing.abort();
      state.set({ kind: 'closed' });
      link?.close();
      // What an engine that hangs has not answered yet is not waited for.
      engine?.close();
      await running;
    },
  };
}

function changeOf(state: LiveValue<RelayState>): Promise<void> {
  return new Promise((resolve) => {
    const stop = state.onChange(() => {
      stop();
      resolve();
    });
  });
}

function toError(state: RelayState): Error {
  // Who wants no admin API out of it needs the bare reason.
  if (state.kind === 'absent') return new GatehouseError(state.problem, { cause: new Error(state.reason) });
  return new Error(state.kind === 'lost' ? state.reason : 'the relay is not open');
}
