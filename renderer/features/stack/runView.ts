// A plan that is being carried out, as it is shown: what is worked on first, then what waits, then what is done. Pure.
import type { ApplyProgress, Level, StackRun } from '../../../app/contract/index.ts';
import { formatDuration, formatQuantity } from '../../components/format.ts';
import { type PlanWish, toVerbWord, wishFor } from './planWish.ts';

export interface RunItem {
  step: string;
  resource: string;
  name: string;
  state: ApplyProgress['state'];
  level: Level;
  /** What happens or what it waits for; empty: nothing is said. Untrusted text. */
  words: string;
  /** Epoch ms since when it is in this state; null where that tells nothing. */
  since: number | null;
}

export interface RunView {
  done: number;
  total: number;
  items: RunItem[];
  state: 'running' | 'cancelling' | NonNullable<StackRun['result']>['outcome'];
}

const order: Readonly<Record<ApplyProgress['state'], number>> = {
  failed: 0,
  running: 1,
  waiting: 2,
  skipped: 3,
  done: 4,
};
const levels: Readonly<Record<ApplyProgress['state'], Level>> = {
  failed: 'down',
  running: 'unknown',
  waiting: 'unknown',
  skipped: 'unknown',
  done: 'ok',
};

export function toRunView({ steps, result, isCancelled }: Pick<StackRun, 'steps' | 'result' | 'isCancelled'>): RunView {
  const items = steps.map(toItem);
  const indexOf = new Map(items.map((item, index) => [item, index]));
  return {
    done: steps.filter(({ state }) => state === 'done').length,
    total: steps.length,
    // Of what is done the newest first: it is what one wants to see move.
    items: items.toSorted(
      (a, b) =>
        order[a.state] - order[b.state] ||
        (a.state === 'done' ? (b.since ?? 0) - (a.since ?? 0) : 0) ||
        (indexOf.get(a) ?? 0) - (indexOf.get(b) ?? 0),
    ),
    state: result ? result.outcome : isCancelled ? 'cancelling' : 'running',
  };
}

function toItem({ step, state, detail, at }: ApplyProgress): RunItem {
  // The id of a step: what kind of thing, then its name.
  const [, resource = '', name = step] = /^(\S+) (.+)$/s.exec(step) ?? [];
  return { step, resource, name, state, level: levels[state], words: toWords(state, detail), since: at };
}

function toWords(state: ApplyProgress['state'], detail: string): string {
  if (state === 'waiting') return detail === '' ? 'waits' : `waits for ${detail}`;
  if (state === 'running') return detail === '' ? 'begun' : detail;
  if (state === 'skipped') return detail === '' ? 'not begun' : `not begun: ${detail}`;
  return detail === '' ? state : detail;
}

const outcomeWords: Readonly<Record<RunView['state'], string>> = {
  running: 'being carried out',
  cancelling: 'being cancelled: what has begun is brought to an end',
  applied: 'carried out',
  failed: 'failed',
  cancelled: 'cancelled',
  stale: 'not begun: the stack had changed since the plan',
};

export const outcomeLevels: Readonly<Record<RunView['state'], Level>> = {
  running: 'unknown',
  cancelling: 'unknown',
  applied: 'ok',
  failed: 'down',
  cancelled: 'degraded',
  stale: 'degraded',
};

export function toOutcomeWords(state: RunView['state']): string {
  return outcomeWords[state];
}

/** `24 of 26 done, 1 failed, 1 not begun, in 41 s`. */
export function sayResult({ steps, result, startedAt }: StackRun): string {
  const count = (state: ApplyProgress['state']) => steps.filter((step) => step.state === state).length;
  const rest = [
    [count('failed'), 'failed'],
    [count('skipped') + count('waiting'), 'not begun'],
  ] as const;
  return [
    `${count('done')} of ${formatQuantity(steps.length, 'step')} done`,
    ...rest.flatMap(([number, words]) => (number > 0 ? [`${number} ${words}`] : [])),
    `in ${formatDuration((result?.endedAt ?? startedAt) - startedAt)}`,
  ].join(', ');
}

/** `Switch shop to prod`, `Bring up shop`. */
export function sayRun({ verb, project, mode }: Pick<StackRun, 'verb' | 'project' | 'mode'>): string {
  return `${toVerbWord(verb)} ${project}${verb === 'switch' && mode !== null ? ` to ${mode}` : ''}`;
}

/** What brings a run that did not get through to its end; other verbs than these say nothing of what shall be. */
export function toRest({ verb, mode }: Pick<StackRun, 'verb' | 'mode'>): PlanWish {
  if (verb === 'down') return wishFor('down');
  const to = mode === 'dev' || mode === 'prod' ? mode : null;
  return verb === 'switch' && to !== null ? wishFor('switch', { mode: to }) : wishFor('up', { mode: to });
}
