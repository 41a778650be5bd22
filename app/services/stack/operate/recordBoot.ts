// After a stack was brought up: how long each service took, and what held it up, into the history.
import type { ApplyResult, BootStep } from '../../../contract/index.ts';
import type { Engine } from '../../docker/engine.ts';
import { addBoot } from '../../history/boots.ts';
import { addHappening } from '../../history/happenings.ts';
import type { History } from '../../history/history.ts';
import { observeStack } from '../plan/observeStack.ts';
import type { PreparedPlan } from '../plan/preparedPlan.ts';
import { toBootWaterfall } from '../status/bootWaterfall.ts';

export interface BootParts {
  prepared: PreparedPlan;
  engine: Engine;
  place: string;
  history: History;
  now: () => number;
}

/** Nothing where nothing began. What the engine does not tell any more is not recorded, and no failure of the run. */
export async function recordBoot(
  parts: BootParts,
  { startedAt, endedAt }: Pick<ApplyResult, 'startedAt' | 'endedAt'>,
): Promise<void> {
  const { prepared, engine, place, history, now } = parts;
  const { plan, project } = prepared;
  const begun = plan.steps.filter(({ resource, action }) => resource === 'container' && beginnings.includes(action));
  if (!project || !['up', 'switch'].includes(plan.verb) || begun.length === 0) return;
  const observed = await observeStack(engine, plan.project, { project, readsFiles: false, now }).catch(() => undefined);
  if (!observed) return;
  const containers = new Set(begun.map(({ name }) => name));
  const services = toBootWaterfall(project, observed).filter(({ container }) => containers.has(container));
  const { to } = plan.mode;
  const durationMs = endedAt - startedAt;
  addBoot(history, place, {
    at: startedAt,
    durationMs,
    mode: to === 'dev' || to === 'prod' ? to : 'unknown',
    services,
  });
  const text = sayBoot(services, durationMs, to);
  addHappening(history, place, { at: endedAt, kind: 'boot', level: 'ok', subject: plan.project, text });
}

const beginnings: readonly string[] = ['create', 'recreate', 'start'];

/** Pure. `up in 41 s (dev): 26 containers, the longest wait was for elasticsearch`. */
export function sayBoot(services: readonly BootStep[], durationMs: number, mode: string | null): string {
  const waits = new Map<string, number>();
  for (const { heldBy, createdAt, startedAt } of services) {
    if (heldBy === null || createdAt === null || startedAt === null) continue;
    waits.set(heldBy, Math.max(waits.get(heldBy) ?? 0, startedAt - createdAt));
  }
  const [longest] = [...waits].sort(([, a], [, b]) => b - a);
  const count = `${services.length} ${services.length === 1 ? 'container' : 'containers'}`;
  const seconds = Math.round(durationMs / 1000);
  return `up in ${seconds} s${mode ? ` (${mode})` : ''}: ${count}${longest ? `, the longest wait was for ${longest[0]}` : ''}`;
}
