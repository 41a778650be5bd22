// A whole project on one engine, made and never started: what its inspections show takes no program that runs.
import type { Engine } from '../../docker/engine.ts';
import { createContainer } from '../../stack/apply/createContainer.ts';
import { performNetwork, performVolume } from '../../stack/apply/partActions.ts';
import { openPulse } from '../../stack/apply/pulse.ts';
import { createMembers, type Run } from '../../stack/apply/run.ts';
import type { Project } from '../../stack/compose/project.ts';
import { observeStack } from '../../stack/plan/observeStack.ts';
import { planUp } from '../../stack/plan/planUp.ts';

/** Takes the steps of a plan up to the start of each container, of which none is part of another one. */
export async function createStack(engine: Engine, project: Project): Promise<void> {
  const observed = await observeStack(engine, project.name, { project, readsFiles: false });
  const prepared = planUp(project, observed);
  const run: Run = {
    prepared,
    engine,
    defaults: observed.defaults,
    options: { signal: new AbortController().signal },
    pulse: openPulse(engine),
    members: createMembers(prepared),
    findConfigHash: async () => undefined,
    problems: [],
    remarks: [],
    now: Date.now,
    report() {},
  };
  const of = (resource: string) => prepared.plan.steps.filter((step) => step.resource === resource);
  try {
    for (const step of of('network')) await performNetwork(run, step);
    for (const step of of('volume')) await performVolume(run, step);
    await Promise.all(of('container').map((step) => createContainer(run, step, { name: step.name })));
  } finally {
    run.pulse.close();
  }
}
