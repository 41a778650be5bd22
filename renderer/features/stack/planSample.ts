// One plan and one run for tests; each names only what it is about.
import type { ApplyProgress, Plan, PlanStep, StackRun } from '../../../app/contract/index.ts';

export const at = 1_780_000_000_000;

export function sampleStep(parts: Partial<PlanStep> = {}): PlanStep {
  const { resource = 'container', name = 'shop-search-1' } = parts;
  return {
    id: `${resource} ${name}`,
    resource,
    action: 'create',
    name,
    key: 'search',
    replica: resource === 'container' ? 1 : null,
    target: null,
    reason: 'not created yet',
    changes: [],
    onlyIfNewImage: null,
    wave: 0,
    needs: [],
    gates: [],
    ...parts,
  };
}

export function samplePlan(parts: Partial<Plan> = {}): Plan {
  return {
    schema: 'gatehouse.plan/1',
    verb: 'up',
    project: 'shop',
    mode: { from: 'dev', to: 'dev' },
    at,
    fingerprint: 'f',
    steps: [],
    unchanged: [],
    images: [],
    ports: { opened: [], closed: [] },
    volumes: [],
    orphans: [],
    downtime: [],
    warnings: [],
    blockers: [],
    ...parts,
  };
}

export function sampleProgress(step: string, parts: Partial<ApplyProgress> = {}): ApplyProgress {
  return { step, state: 'waiting', detail: '', at, ...parts };
}

export function sampleRun(parts: Partial<StackRun> = {}): StackRun {
  return {
    id: 'run-1',
    verb: 'up',
    project: 'shop',
    mode: 'dev',
    startedAt: at,
    result: null,
    isCancelled: false,
    steps: [],
    output: [],
    ...parts,
  };
}
