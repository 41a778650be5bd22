// One change of every replica of a gateway: all or none. They take it one after the other; the first that does not ends
// it, and those that have it are put back. What could not be put back is said.
import type { ConfigProblem, GatewayChange, ReplicaChange } from '../../contract/index.ts';
import { AdminFault } from './adminCalls.ts';
import type { LiveReplica } from './gatewaySource.ts';

export interface Change<T> {
  /** In words, for sentences: `the configuration`, `the hold of search`. */
  readonly what: string;
  /** Throws what stands against it, and changes nothing; every replica is asked before the first one changes. */
  check?(replica: LiveReplica): Promise<void>;
  apply(replica: LiveReplica): Promise<T>;
  /** Whether it stands there, asked when the answer was lost; undefined where nobody can tell. */
  hasTaken?(replica: LiveReplica): Promise<boolean>;
  /** `applied` is undefined where the answer was lost. */
  undo(replica: LiveReplica, applied: T | undefined): Promise<void>;
}

/** What the gateway says when another configuration is in force than the change was made from. */
const STALE = 'config-changed';

export async function changeReplicas<T>(replicas: readonly LiveReplica[], change: Change<T>): Promise<GatewayChange> {
  const refused = await findRefusals(replicas, change);
  if (refused.length > 0) {
    const outcomes = replicas.map((replica) => {
      const refusal = refused.find((failure) => failure.replica === replica);
      return left(replica, refusal ? reasonOf(refusal.error) : 'was not asked to take it');
    });
    return toFailure(change, refused, outcomes);
  }
  const done: { replica: LiveReplica; applied: T | undefined }[] = [];
  for (const replica of replicas) {
    const taken = await take(replica, change);
    if ('applied' in taken) done.push({ replica, applied: taken.applied });
    else return putBack(replicas, change, { done, failed: { replica, ...taken } });
  }
  const outcomes = done.map(({ replica }): ReplicaChange => ({ gateway: replica.name, state: 'changed', detail: '' }));
  return {
    outcome: 'applied',
    summary: `${capital(change.what)} stands on ${sayAll(replicas.length)}.`,
    replicas: outcomes,
    problems: [],
    configProblems: [],
    etag: null,
  };
}

interface Failure {
  readonly replica: LiveReplica;
  readonly error: unknown;
  /** Whether it has the change after all: `unknown` where it does not say. */
  readonly stands: 'no' | 'unknown';
}

async function findRefusals<T>(replicas: readonly LiveReplica[], { check }: Change<T>): Promise<Failure[]> {
  if (!check) return [];
  const answers = await Promise.allSettled(replicas.map((replica) => check(replica)));
  return answers.flatMap((answer, index) => {
    const replica = replicas[index];
    return answer.status === 'rejected' && replica ? [{ replica, error: answer.reason, stands: 'no' as const }] : [];
  });
}

async function take<T>(
  replica: LiveReplica,
  change: Change<T>,
): Promise<{ applied: T | undefined } | Omit<Failure, 'replica'>> {
  try {
    return { applied: await change.apply(replica) };
  } catch (error) {
    // A refusal is an answer: it did not take it. Anything else leaves open what happened.
    if (error instanceof AdminFault) return { error, stands: 'no' };
    try {
      const stands = await change.hasTaken?.(replica);
      if (stands === true) return { applied: undefined };
      return { error, stands: stands === undefined ? 'unknown' : 'no' };
    } catch {
      return { error, stands: 'unknown' };
    }
  }
}

interface HalfDone<T> {
  readonly done: readonly { replica: LiveReplica; applied: T | undefined }[];
  readonly failed: Failure;
}

async function putBack<T>(
  replicas: readonly LiveReplica[],
  change: Change<T>,
  { done, failed }: HalfDone<T>,
): Promise<GatewayChange> {
  const outcomes: ReplicaChange[] = [];
  for (const { replica, applied } of done) {
    try {
      await change.undo(replica, applied);
      outcomes.push({ gateway: replica.name, state: 'restored', detail: 'had it, and was put back' });
    } catch (error) {
      outcomes.push({
        gateway: replica.name,
        state: 'stuck',
        detail: `has it, and could not be put back: ${reasonOf(error)}`,
      });
    }
  }
  outcomes.push(toOutcome(failed));
  for (const replica of replicas.slice(outcomes.length)) outcomes.push(left(replica, 'was not asked'));
  return toFailure(change, [failed], outcomes);
}

function toOutcome({ replica, error, stands }: Failure): ReplicaChange {
  const detail = reasonOf(error);
  if (stands === 'no') return { gateway: replica.name, state: 'unchanged', detail };
  return { gateway: replica.name, state: 'unknown', detail: `${detail}; whether it has it is not known` };
}

function left(replica: LiveReplica, detail: string): ReplicaChange {
  return { gateway: replica.name, state: 'unchanged', detail };
}

function toFailure<T>({ what }: Change<T>, failures: readonly Failure[], replicas: ReplicaChange[]): GatewayChange {
  const faults = failures.map(({ error }) => error).filter((error) => error instanceof AdminFault);
  const unsettled = replicas.filter(({ state }) => state === 'stuck' || state === 'unknown');
  const isStale = unsettled.length === 0 && faults.some(({ code }) => code === STALE);
  const stands =
    unsettled.length === 0
      ? 'nothing has changed'
      : `${unsettled.map(({ gateway, state }) => (state === 'stuck' ? `${gateway} has it` : `${gateway} may have it`)).join(', ')}, the others do not`;
  return {
    outcome: isStale ? 'stale' : 'failed',
    summary: isStale
      ? `Somebody else put another configuration in force meanwhile; ${stands}.`
      : `${capital(what)} was not taken by every replica; ${stands}.`,
    replicas,
    problems: failures.map(({ replica, error }) => ({
      code: error instanceof AdminFault ? error.code : 'gateway-unreachable',
      subject: replica.name,
      message: `${replica.name}: ${reasonOf(error)}`,
      remedy: toRemedy(error, unsettled.length > 0),
    })),
    configProblems: distinct(faults.flatMap(({ problems }) => problems)),
    etag: null,
  };
}

function toRemedy(error: unknown, isUnsettled: boolean): string {
  if (isUnsettled) return 'Look at the configuration again once it answers: replicas that differ are shown there.';
  if (!(error instanceof AdminFault)) return 'Look at the log of its container, then try again.';
  if (error.code === STALE) return 'Compare with what is in force now, then apply again.';
  return error.problems.length > 0 ? 'Correct what is said of its lines.' : 'Correct what it says, then try again.';
}

/** Replicas of one version say the same of the same text. */
export function distinct(problems: readonly ConfigProblem[]): ConfigProblem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

export function reasonOf(error: unknown): string {
  const { code, name, message } = error as { code?: string; name?: string; message?: string };
  if (name === 'TimeoutError' || name === 'AbortError') return 'it gave no answer in time';
  if (name === 'ZodError') return 'its answer is not understood (another version?)';
  if (code === 'ENOENT' || code === 'ECONNREFUSED') return 'its admin socket does not answer';
  return (message ?? 'unknown reason').slice(0, 300);
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function sayAll(count: number): string {
  return count === 1 ? 'the one replica' : `all ${count} replicas`;
}
