// What is known of each stack: found on an engine or in a folder, remembered from before, or both. Pure.
import type { EnvironmentSettings, FoundProject, KeptEnvironment } from '../../../app/contract/index.ts';

export interface StackRow {
  /** The environment's id, else the place. */
  key: string;
  /** null: its engine is not known to this host now. */
  environment: string | null;
  /** null: nothing is remembered of it. */
  place: string | null;
  project: string;
  engine: string;
  settings: EnvironmentSettings;
  /** Epoch ms; null: never set. */
  setAt: number | null;
  found: FoundProject | null;
}

const unset: EnvironmentSettings = { name: null, colour: null, guard: null };

/** Those that were found first, by name. */
export function toStackRows(projects: readonly FoundProject[], kept: readonly KeptEnvironment[]): StackRow[] {
  const rows = new Map<string, StackRow>();
  for (const found of projects) {
    rows.set(found.environment, {
      key: found.environment,
      environment: found.environment,
      place: null,
      project: found.name,
      engine: found.engine,
      settings: unset,
      setAt: null,
      found,
    });
  }
  for (const { environment, place, project, engine, settings, setAt } of kept) {
    const key = environment ?? place;
    const known = rows.get(key);
    if (known) rows.set(key, { ...known, place, settings, setAt });
    else rows.set(key, { key, environment, place, project, engine, settings, setAt, found: null });
  }
  return [...rows.values()].sort(
    (a, b) => Number(b.found !== null) - Number(a.found !== null) || a.project.localeCompare(b.project, 'en'),
  );
}

/** Folders are forgotten with their place; what an engine runs stays listed. */
export function canForget({ place, found }: StackRow): boolean {
  return place !== null || found?.origin === 'folder';
}
