// A plan that is carried out, as lines: one when a step begins, waits for something else, or ends. Pure.
import type { ApplyProgress, Plan, StackRun } from '../../contract/index.ts';

export interface RunLines {
  /** The lines that are new in this view of the run, at a moment in epoch ms. Untrusted text. */
  next(run: Pick<StackRun, 'steps' | 'output' | 'startedAt'>, now: number): string[];
}

interface Told {
  readonly state: ApplyProgress['state'];
  readonly said: string;
}

const SIGNS: Readonly<Record<ApplyProgress['state'], string>> = {
  waiting: '.',
  running: '>',
  done: '+',
  failed: 'x',
  skipped: '-',
};

export function createRunLines({ steps }: Pick<Plan, 'steps'>): RunLines {
  const actions = new Map(steps.map(({ id, action }) => [id, action]));
  const told = new Map<string, Told>();
  let output: StackRun['output'] = [];
  return {
    next(run, now) {
      const printed = findNewOutput(output, run.output).map(({ step, line }) => `  | ${step}: ${line}`);
      output = run.output;
      const seconds = `${Math.max(0, (now - run.startedAt) / 1000).toFixed(1)} s`.padStart(8);
      const lines = run.steps.flatMap((step) => {
        const said = withoutCounts(step.detail);
        const last = told.get(step.step);
        if (step.state === (last?.state ?? 'waiting') && said === (last?.said ?? '')) return [];
        told.set(step.step, { state: step.state, said });
        return [`${seconds}  ${toLine(step, actions.get(step.step) ?? '')}`];
      });
      return [...printed, ...lines];
    },
  };
}

/** A second that passes and a megabyte that came are no news. */
function withoutCounts(detail: string): string {
  return detail.replace(/\d+/g, '#');
}

function toLine({ step, state, detail }: ApplyProgress, action: string): string {
  const words = [action, step].filter(Boolean).join(' ');
  const said = {
    waiting: [`waits for ${detail}`],
    running: [detail],
    done: [detail],
    failed: ['failed', detail],
    skipped: ['skipped', detail],
  }[state].filter(Boolean);
  return `${SIGNS[state]} ${words}${said.length === 0 ? '' : `: ${said.join(', ')}`}`;
}

/** The run keeps its last lines: what is new stands after the longest end of the old ones that the new ones begin with. */
export function findNewOutput(before: StackRun['output'], now: StackRun['output']): StackRun['output'] {
  const isSame = (shift: number) =>
    before.slice(shift).every(({ step, line }, index) => now[index]?.step === step && now[index]?.line === line);
  for (let shift = 0; shift < before.length; shift++) if (isSame(shift)) return now.slice(before.length - shift);
  return now;
}
