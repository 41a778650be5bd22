// Who may do what where. Pure; guardHandlers.ts applies it to every operation in one place.
import type { EngineKind, Environment, Guard, OperationClass, Problem } from '../../contract/index.ts';

type Mode = Environment['mode'];

export interface Unlock {
  /** Epoch ms. */
  until: number;
  reason: string;
}

export interface GuardFacts {
  engineKind: EngineKind;
  /** The engine is on another machine. */
  isRemote: boolean;
  /** What runs, and what is asked to run. */
  modes: readonly Mode[];
  /** The host was started with --read-only. */
  isHostReadOnly: boolean;
  /** What the operator set for this environment; null: nothing. `unknown`: that cannot be read now. */
  configured: Guard | null | 'unknown';
  unlock: Unlock | null;
  now: number;
}

export interface GuardState {
  guard: Guard;
  /** What lifts it, or why nothing does. */
  reason: string;
  /** Epoch ms until which an unlock lifts it; null: none does. */
  unlockedUntil: number | null;
}

type BaseGuard = Pick<GuardState, 'guard' | 'reason'>;

const byTightness: readonly Guard[] = ['open', 'confirm', 'locked', 'readOnly'];

export function isTighter(a: Guard, b: Guard): boolean {
  return byTightness.indexOf(a) > byTightness.indexOf(b);
}

/** The guard in force. Production is never looser than anything else would be in the same place. */
export function toGuard(facts: GuardFacts): GuardState {
  if (facts.isHostReadOnly) {
    const reason = 'The host was started with --read-only; start it without to change anything.';
    return { guard: 'readOnly', reason, unlockedUntil: null };
  }
  const base = { ...findBase(facts), unlockedUntil: null };
  const { unlock, now } = facts;
  const isLifted = unlock !== null && unlock.until > now && isTighter(base.guard, liftedTo(facts));
  if (base.guard === 'readOnly' || !isLifted) return base;
  const until = `Unlocked until ${new Date(unlock.until).toISOString().slice(11, 16)} UTC: ${unlock.reason}`;
  return { guard: liftedTo(facts), reason: until, unlockedUntil: unlock.until };
}

/** Whether the place would be less guarded, unlocks aside, if nothing were set for it. */
export function guardsByChoice(facts: GuardFacts): boolean {
  const lasting = { ...facts, unlock: null };
  return isTighter(toGuard(lasting).guard, toGuard({ ...lasting, configured: null }).guard);
}

/** As far as an unlock goes: production asks for a confirmation even then. */
function liftedTo({ modes, engineKind }: GuardFacts): Guard {
  return modes.includes('prod') && engineKind !== 'sandbox' ? 'confirm' : 'open';
}

/** Without an unlock. */
function findBase(facts: GuardFacts): BaseGuard {
  const { configured, engineKind, modes } = facts;
  const own: BaseGuard =
    configured === null || configured === 'unknown'
      ? findDefault(facts)
      : { guard: configured, reason: configuredReasons[configured] };
  if (engineKind === 'sandbox') return own;
  // It may have been set to something tighter than the default, which must not be lost with the file that says so.
  if (configured === 'unknown' && isTighter('locked', own.guard)) {
    return { guard: 'locked', reason: 'Its settings cannot be read now. Unlock it, with a reason, to change it.' };
  }
  if (modes.includes('prod') && isTighter('confirm', own.guard)) {
    return { guard: 'confirm', reason: 'Production: each change is asked for.' };
  }
  return own;
}

function findDefault({ engineKind, isRemote, modes }: GuardFacts): BaseGuard {
  if (engineKind === 'sandbox') return { guard: 'open', reason: 'The sandbox is yours to break.' };
  if (isRemote) {
    return {
      guard: 'locked',
      reason: 'On another machine: it can be looked at. Unlock it, with a reason, to change it.',
    };
  }
  if (modes.includes('prod')) {
    return { guard: 'locked', reason: 'Production: it can be looked at. Unlock it, with a reason, to change it.' };
  }
  // It was found running, perhaps for somebody else; its settings can open it for good.
  return {
    guard: 'locked',
    reason: 'Found on a real engine: it can be looked at. Unlock it, with a reason, to change it.',
  };
}

const configuredReasons: Record<Guard, string> = {
  open: 'Set to open in its settings.',
  confirm: 'Set to ask before each change in its settings.',
  locked: 'Set to locked in its settings. Unlock it, with a reason, to change it.',
  readOnly: 'Set to read-only in its settings: unlocking does not lift that; change the setting first.',
};

export interface Request {
  /** `domain.verb`. */
  name: string;
  class: OperationClass;
  /** What has to be typed to confirm: the project's name. */
  project: string;
  /** What was typed. */
  confirm: string | undefined;
}

/** null: allowed. */
export function findRefusal(guard: Guard, request: Request): Problem | null {
  if (request.class === 'observe' || request.class === 'sensitiveRead') return null;
  if (guard === 'open') return null;
  if (guard === 'confirm') return request.confirm === request.project ? null : toConfirmation(request);
  const changes = request.class === 'destroy' ? 'would remove something' : 'would change something';
  return {
    code: 'read-only',
    message: `${request.name} ${changes}, and ${guard === 'locked' ? 'the environment is locked' : 'nothing may be changed here'}.`,
    remedy:
      guard === 'locked'
        ? 'Unlock the environment with a reason (on the command line: --unlock REASON), then try again.'
        : 'Start a host without --read-only (and without GATEHOUSE_READONLY=1), or change the setting of this environment.',
  };
}

/** Asked for by the guard, and by what loses data whatever the guard is. */
export function toConfirmation({ name, project, confirm }: Pick<Request, 'name' | 'project' | 'confirm'>): Problem {
  return {
    code: 'confirmation-needed',
    message:
      confirm === undefined
        ? `${name} needs a confirmation for "${project}".`
        : `${name} was confirmed for "${confirm.slice(0, 64)}", and this is "${project}".`,
    remedy: `Confirm with the project's name, ${project}; on the command line with --confirm ${project}.`,
  };
}
