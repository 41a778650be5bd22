// Plans between their making and their carrying out: by id, for a while, the oldest go first.
import { randomBytes } from 'node:crypto';
import { GatehouseError } from '../../../contract/index.ts';
import type { PreparedPlan } from '../plan/preparedPlan.ts';
import type { askConfigHashes } from './loadStack.ts';

export interface KeptPlanEntry {
  readonly id: string;
  readonly environment: string;
  readonly prepared: PreparedPlan;
  /** Asked when containers are created; undefined where the plan came without files. */
  readonly findConfigHashes: (() => ReturnType<typeof askConfigHashes>) | undefined;
}

export interface KeptPlans {
  add(entry: Omit<KeptPlanEntry, 'id'>): KeptPlanEntry;
  find(id: string): KeptPlanEntry | undefined;
  /** Throws `plan-unknown`: also for a plan of another environment. */
  get(id: string, environment: string): KeptPlanEntry;
  delete(id: string): void;
}

const limit = 50;
const lifetimeMs = 30 * 60_000;

export function createKeptPlans(now: () => number): KeptPlans {
  const entries = new Map<string, KeptPlanEntry & { expiresAt: number }>();
  const find = (id: string) => {
    const entry = entries.get(id);
    return entry && entry.expiresAt > now() ? entry : undefined;
  };
  return {
    add(entry) {
      const kept = { ...entry, id: randomBytes(9).toString('base64url'), expiresAt: now() + lifetimeMs };
      entries.set(kept.id, kept);
      const oldest = entries.size > limit ? entries.keys().next().value : undefined;
      if (oldest !== undefined) entries.delete(oldest);
      return kept;
    },
    find,
    get(id, environment) {
      const entry = find(id);
      if (entry?.environment === environment) return entry;
      throw new GatehouseError({
        code: 'plan-unknown',
        message: `There is no plan ${id.slice(0, 64)} for ${environment}.`,
        remedy: 'Plans are kept for half an hour, and carried out once; plan again.',
      });
    },
    delete: (id) => void entries.delete(id),
  };
}
