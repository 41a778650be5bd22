import type { Plan } from '../../../contract/index.ts';

/** The plan as text for people: `+` created, `-` removed, `~` changed with its fields, then ports, volumes, notes. */
export function renderPlan(_plan: Plan): string {
  throw new Error('not yet');
}
