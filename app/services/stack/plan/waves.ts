// From steps with needs and gates to steps in waves: everything that a step needs or waits for is in an earlier one.
import type { PlanStep } from '../../../contract/index.ts';
import type { StepDraft } from './draft.ts';

/** Needs of steps that are not in the plan are dropped: what they would do is done already. */
export function toWaves(drafts: readonly StepDraft[]): PlanStep[] {
  const byId = new Map(drafts.map((draft) => [draft.id, draft]));
  const waves = new Map<string, number>();
  const waveOf = (draft: StepDraft, path: readonly string[]): number => {
    const known = waves.get(draft.id);
    if (known !== undefined) return known;
    if (path.includes(draft.id)) throw new Error(`steps wait for each other: ${[...path, draft.id].join(' → ')}`);
    const before = findEarlier(draft, drafts, byId);
    const wave = Math.max(-1, ...before.map((one) => waveOf(one, [...path, draft.id]))) + 1;
    waves.set(draft.id, wave);
    return wave;
  };
  return drafts
    .map((draft) => ({ ...draft, needs: draft.needs.filter((id) => byId.has(id)), wave: waveOf(draft, []) }))
    .sort((a, b) => a.wave - b.wave || compareText(a.resource, b.resource) || compareText(a.id, b.id));
}

/** The steps that this one needs, and those whose containers its gates look at. */
export function findEarlier(
  draft: StepDraft,
  all: readonly StepDraft[],
  byId: ReadonlyMap<string, StepDraft>,
): StepDraft[] {
  return [...draft.needs.flatMap((id) => byId.get(id) ?? []), ...findGated(draft, all)];
}

/** The steps that bring about the containers that the gates look at. */
export function findGated<T extends StepDraft>(draft: StepDraft, all: readonly T[]): T[] {
  return draft.gates.flatMap(({ service, replica }) =>
    all.filter(
      (one) =>
        one.resource === 'container' &&
        one.key === service &&
        one.id !== draft.id &&
        !['stop', 'pause', 'kill', 'remove'].includes(one.action) &&
        (replica === null || one.replica === replica),
    ),
  );
}

/** Whether `from` comes after `to` already, so that the other way around would be a circle. */
export function comesAfter(from: string, to: string, drafts: readonly StepDraft[]): boolean {
  const byId = new Map(drafts.map((draft) => [draft.id, draft]));
  const seen = new Set<string>();
  const reaches = (id: string): boolean => {
    if (id === to) return true;
    if (seen.has(id)) return false;
    seen.add(id);
    const draft = byId.get(id);
    return draft !== undefined && findEarlier(draft, drafts, byId).some((one) => reaches(one.id));
  };
  return reaches(from);
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
