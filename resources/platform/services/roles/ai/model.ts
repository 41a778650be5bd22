// What a service learns at its start, or finds learned by a replica or by itself before: the same data and the same
// algorithm have the same fingerprint, and give the same model.
import { findPastFingerprint } from '../../data/fingerprint.ts';
import { findSecret, findWorkers } from '../../kit/environment.ts';
import type { Program } from '../../kit/program.ts';
import { openPostgres } from '../../stores/databasePostgres.ts';
import { openSqlite } from '../../stores/databaseSqlite.ts';
import { createModelState, type ModelState } from '../../stores/modelState.ts';
import { createStoreState } from '../../stores/storeState.ts';
import { createDependency, type Dependency } from './dependency.ts';

export interface ModelRecipe<State> {
  name: string;
  /** Raised whenever training would give something else from the same data. */
  version: number;
  train(): State;
  /** The state as it was saved, or undefined when it is none: it is then trained anew and saved over. */
  parse(saved: unknown): State | undefined;
}

export interface Model<State> {
  state: State;
  origin: 'trained' | 'loaded';
  fingerprint: string;
  dependency: Dependency;
  /** Where it is kept, for people. */
  described: string;
  close(): Promise<void>;
}

/** Never rejects because the store is away: it is trained then, and saved when the store is back. */
export async function openModel<State>(program: Program, recipe: ModelRecipe<State>): Promise<Model<State>> {
  const store = await openModelState(program);
  const { name } = recipe;
  const fingerprint = findPastFingerprint(`${name} ${recipe.version}`);
  let unsaved: { state: State } | undefined;
  const save = async () => {
    if (unsaved === undefined) return void (await store.load(name, fingerprint));
    await store.save(name, fingerprint, unsaved.state);
    unsaved = undefined;
  };
  const { log } = program;
  const dependency = createDependency({ name: 'model-state', log, registry: program.metrics.registry, probe: save });
  const rest = {
    fingerprint,
    dependency,
    described: store.described,
    async close() {
      dependency.close();
      await store.close().catch(() => {});
    },
  };

  const found = await dependency.attempt(() => store.load(name, fingerprint));
  const saved = found.ok && found.value !== undefined ? recipe.parse(found.value) : undefined;
  if (saved !== undefined) {
    log('info', `model ${name} was loaded`, { model: name, fingerprint });
    return { state: saved, origin: 'loaded', ...rest };
  }
  const startedAt = performance.now();
  const state = recipe.train();
  log('info', `model ${name} was trained`, { model: name, fingerprint, ms: Math.round(performance.now() - startedAt) });
  unsaved = { state };
  await dependency.attempt(save);
  return { state, origin: 'trained', ...rest };
}

/** Reads AI_DATABASE, AI_DATABASE_PASSWORD and WORKERS. */
async function openModelState({ environment, log }: Program): Promise<ModelState> {
  const url = environment.AI_DATABASE || undefined;
  if (url === undefined) return createModelState(await openSqlite());
  const database = await openPostgres({
    url: new URL(url),
    password: findSecret(environment, 'AI_DATABASE_PASSWORD'),
    connections: findWorkers(environment),
    log,
    // That it is away is said once, by the dependency.
    state: createStoreState('database', () => {}),
  });
  return createModelState(database);
}

/** For `parse` of recipes: a list of exactly `length` finite numbers. */
export function isNumbers(value: unknown, length: number): value is number[] {
  return Array.isArray(value) && value.length === length && value.every((one) => Number.isFinite(one));
}
