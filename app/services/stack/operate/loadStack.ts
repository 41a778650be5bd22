// The files of one mode of a stack, read for a plan; with what only plans need of them.
import { GatehouseError, type StackFiles } from '../../../contract/index.ts';
import { findConfigHashes } from '../apply/configHashes.ts';
import { localFileReader } from '../compose/fileReader.ts';
import { type LoadedProject, loadProject } from '../compose/loadProject.ts';
import { requireModeFiles } from '../compose/modeFiles.ts';
import type { PlanOptions } from '../plan/preparedPlan.ts';

export interface LoadedStack extends LoadedProject {
  readonly mode: 'dev' | 'prod';
  /** What the files were read with. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly profiles: readonly string[] | undefined;
}

export interface StackFolder {
  readonly folder: string;
  readonly mode: 'dev' | 'prod';
  readonly variables: StackFiles['variables'];
}

/**
 * Throws `folder-unreadable`, `compose-invalid`, and `stack-unknown` when the files are of another project than
 * `projectName`: a plan from them would act on what the operator does not look at.
 */
export async function loadStack({ folder, mode, variables }: StackFolder, projectName: string): Promise<LoadedStack> {
  const environment = variables ?? process.env;
  const reader = localFileReader;
  const { files, profiles } = await requireModeFiles(folder, mode, { reader, environment });
  const loaded = await loadProject({ folder, files, profiles, environment, reader });
  if (loaded.project.name === projectName) return { ...loaded, mode, environment, profiles };
  throw new GatehouseError({
    code: 'stack-unknown',
    message: `The files in ${loaded.folder} are of the project "${loaded.project.name}"; the environment is "${projectName}".`,
    remedy: `Open the environment of "${loaded.project.name}", or give the folder of "${projectName}".`,
  });
}

/** What plans need to know of the files. `withHashes` asks `docker compose`, for the labels of what is created. */
export async function toFileOptions(stack: LoadedStack, withHashes: boolean): Promise<PlanOptions> {
  const { folder, files, disabled, mode } = stack;
  const configHashes = withHashes ? await findHashes(stack) : undefined;
  return { mode, files: { folder, paths: files }, inactive: disabled, ...(configHashes ? { configHashes } : {}) };
}

function findHashes({ folder, files, profiles, environment, project }: LoadedStack) {
  return findConfigHashes({
    folder,
    paths: files,
    projectName: project.name,
    ...(profiles ? { profiles } : {}),
    // The docker command needs some of ours to be found and to find its plugins.
    variables: {
      ...environment,
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      DOCKER_CONFIG: process.env.DOCKER_CONFIG,
    },
  });
}
