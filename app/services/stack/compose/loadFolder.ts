// The project of a folder on this machine.
import type { Environment } from './environment.ts';
import { localFileReader } from './fileReader.ts';
import { type LoadedProject, loadProject } from './loadProject.ts';

/** Throws `folder-unreadable` or `compose-invalid`. `environment` wins over the folder's .env, as in compose. */
export function loadFolder(folder: string, environment: Environment): Promise<LoadedProject> {
  return loadProject({ folder, environment, reader: localFileReader });
}
