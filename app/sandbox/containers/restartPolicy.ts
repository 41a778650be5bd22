// Docker's restart policies as decisions: whether an end is followed by a start, and after how long. Pure.
import { EngineError } from '../http/engineError.ts';

export interface RestartPolicy {
  name: 'no' | 'always' | 'unless-stopped' | 'on-failure';
  /** Of on-failure alone; 0 is without end. */
  maximumRetries: number;
}

const NAMES: readonly string[] = ['no', 'always', 'unless-stopped', 'on-failure'];

/** Throws EngineError 400 in Docker's words. */
export function parseRestartPolicy(
  given: { Name?: string | null | undefined; MaximumRetryCount?: number | null | undefined } | null | undefined,
): RestartPolicy {
  const name = given?.Name || 'no';
  const maximumRetries = given?.MaximumRetryCount ?? 0;
  if (!NAMES.includes(name)) throw new EngineError(400, `invalid restart policy '${name.slice(0, 40)}'`);
  if (maximumRetries !== 0 && name !== 'on-failure') {
    throw new EngineError(400, `maximum retry count cannot be used with restart policy '${name}'`);
  }
  if (maximumRetries < 0) throw new EngineError(400, 'maximum retry count cannot be negative');
  return { name: name as RestartPolicy['name'], maximumRetries };
}

/** `always` and `unless-stopped` differ only when an engine starts with containers of an earlier one, which none here has. */
export function shouldRestart(
  policy: RestartPolicy,
  end: { exitCode: number; restartCount: number; stopAsked: boolean },
): boolean {
  if (end.stopAsked || policy.name === 'no') return false;
  if (policy.name !== 'on-failure') return true;
  const left = policy.maximumRetries === 0 || end.restartCount < policy.maximumRetries;
  return end.exitCode !== 0 && left;
}

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 60_000;
/** A run that lasted this long was good, and the next wait is short again. */
const GOOD_RUN_MS = 10_000;

/** `previousMs` is 0 before the first restart. */
export function nextRestartDelayMs(previousMs: number, ranMs: number): number {
  if (previousMs === 0 || ranMs >= GOOD_RUN_MS) return FIRST_DELAY_MS;
  return Math.min(previousMs * 2, LONGEST_DELAY_MS);
}
