// Which files a question about a stack is answered from, and the project that they make where it runs.
import { GatehouseError, type StackFiles } from '../../../contract/index.ts';
import { isRemote } from '../../docker/address.ts';
import type { Engine } from '../../docker/engine.ts';
import type { LiveEnvironment } from '../../environment/liveEnvironment.ts';
import { toSandboxProject } from '../../sandbox/sandboxProject.ts';
import { type LoadedStack, loadStack } from './loadStack.ts';

export interface FoundStack {
  /** null: where the files are is not known. Its project is as it would run there. */
  readonly stack: LoadedStack | null;
  /** The files as they are written: what the sandbox makes of them differs. */
  readonly written: LoadedStack | null;
  /** false: the engine is another machine's. */
  readonly readsFiles: boolean;
}

/** Throws what is wrong with files that were named or opened. */
export async function findStack(
  { folder, mode, variables }: StackFiles,
  live: LiveEnvironment,
  engine: Engine,
  opened: string | null,
): Promise<FoundStack> {
  const readsFiles = !isRemote(engine.address);
  const current = live.frame.current.mode;
  const chosen = mode ?? (current === 'unknown' ? 'dev' : current);
  const load = async (from: string): Promise<FoundStack> => {
    const written = await loadStack({ folder: from, mode: chosen, variables }, projectOf(live));
    const isSandbox = live.frame.current.engineKind === 'sandbox';
    // As it was started there: see toSandboxProject.
    const stack = isSandbox ? { ...written, project: toSandboxProject(written.project) } : written;
    return { stack, written, readsFiles };
  };
  const known = folder ?? opened;
  if (known !== null) return load(known);
  // Where what runs was started from; on a remote engine that is a path there.
  const labelled = readsFiles ? findLabelledFolder(live) : undefined;
  const unknown: FoundStack = { stack: null, written: null, readsFiles };
  if (labelled === undefined) return unknown;
  try {
    return await load(labelled);
  } catch (error) {
    // A label is only a hint: files that were moved since do not stand in the way of what needs none.
    if (error instanceof GatehouseError) return unknown;
    throw error;
  }
}

/** Where compose says that what runs was started from: a hint, of the engine's machine. */
export function findLabelledFolder({ stack }: LiveEnvironment): string | undefined {
  for (const { labels } of stack.observed.current?.containers.values() ?? []) {
    const folder = labels['com.docker.compose.project.working_dir'];
    if (folder) return folder;
  }
  return undefined;
}

export function projectOf({ id }: LiveEnvironment): string {
  return id.slice(id.indexOf('~') + 1);
}
