import { type ModelState, STATES_KEPT } from './modelState.ts';

export function createModelStateInProcess(): ModelState {
  const names = new Map<string, Map<string, string>>();
  return {
    description: 'in this process: what is learned is forgotten at its end',
    async load(name, fingerprint) {
      const text = names.get(name)?.get(fingerprint);
      return text === undefined ? undefined : JSON.parse(text);
    },
    async save(name, fingerprint, state) {
      const kept = names.get(name) ?? new Map<string, string>();
      names.set(name, kept);
      // Deleted first, so that what is saved again counts as the newest.
      kept.delete(fingerprint);
      kept.set(fingerprint, JSON.stringify(state));
      for (const oldest of [...kept.keys()].slice(0, -STATES_KEPT)) kept.delete(oldest);
    },
    async close() {},
  };
}
