// Who may do what where. Pure; guardHandlers.ts applies it to every operation in one place.
import type { EngineKind, Guard, OperationClass, Problem } from '../../contract/index.ts';

export interface GuardFacts {
  engineKind: EngineKind;
  mode: 'dev' | 'prod' | 'unknown';
  /** The host was started with --read-only. */
  isHostReadOnly: boolean;
  unlock: { until: number; reason: string } | null;
  now: number;
}

export interface GuardState {
  guard: Guard;
  /** What lifts it, or why nothing does. */
  reason: string;
}

/** A real engine starts locked, the sandbox open; production asks for a confirmation even when unlocked. */
export function toGuard({ engineKind, mode, isHostReadOnly, unlock, now }: GuardFacts): GuardState {
  if (isHostReadOnly) {
    return { guard: 'readOnly', reason: 'The host was started with --read-only; start it without to change anything.' };
  }
  if (engineKind === 'sandbox') return { guard: 'open', reason: 'The sandbox is yours to break.' };
  if (!unlock || unlock.until <= now) {
    return {
      guard: 'locked',
      reason: 'Found on a real engine: it can be looked at. Unlock it, with a reason, to change it.',
    };
  }
  const until = `Unlocked until ${new Date(unlock.until).toISOString().slice(11, 16)} UTC: ${unlock.reason}`;
  return { guard: mode === 'prod' ? 'confirm' : 'open', reason: until };
}

/** null: allowed. `confirm` is asked by the UI before it calls. */
export function findRefusal(guard: Guard, operation: { name: string; class: OperationClass }): Problem | null {
  if (operation.class === 'observe' || operation.class === 'sensitiveRead') return null;
  if (guard === 'open' || guard === 'confirm') return null;
  const changes = operation.class === 'destroy' ? 'would remove something' : 'would change something';
  return {
    code: 'read-only',
    message: `${operation.name} ${changes}, and ${guard === 'locked' ? 'the environment is locked' : 'this host is read-only'}.`,
    remedy:
      guard === 'locked'
        ? 'Unlock the environment with a reason, then try again.'
        : 'Start a host without --read-only (and without GATEHOUSE_READONLY=1).',
  };
}
