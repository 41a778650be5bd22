// Stages that have their place in the order and nothing to decide yet: they skip, and say so.
import type { Stage } from './stage.ts';

function createUnconfiguredStage(name: string, sentence: string): Stage {
  return { name, decide: () => ({ outcome: 'skip', sentence }) };
}

export const validate = createUnconfiguredStage('validate', 'No request schema is configured.');
