// The files of a mode alone, without an engine: for CI, and for what does not run yet.
import type { Posture } from '../../contract/index.ts';
import type { Environment } from '../stack/compose/environment.ts';
import { localFileReader } from '../stack/compose/fileReader.ts';
import { type LoadedProject, loadProject } from '../stack/compose/loadProject.ts';
import { resolveModeFiles } from '../stack/compose/modeFiles.ts';
import { evaluate } from './evaluate.ts';
import { toDeclaredNetworks, toDeclaredParts } from './facts/declaredParts.ts';
import { readDockerfiles } from './facts/dockerfiles.ts';
import { readEdgeFile } from './facts/edgeFile.ts';
import type { Mode, PostureFacts } from './facts/facts.ts';
import { readGatewayFile, toShownFiles } from './facts/gatewayFile.ts';
import { findRoles } from './facts/roles.ts';
import { readWaivers } from './waivers/readWaivers.ts';

export interface FilesToJudge {
  readonly folder: string;
  readonly mode: Mode;
  readonly environment: Environment;
  readonly now: () => number;
}

/** Throws `folder-unreadable` and `compose-invalid`. */
export async function judgeFiles(given: FilesToJudge): Promise<Posture> {
  const loaded = await loadMode(given);
  const facts = await collectFiles(loaded, given);
  return evaluate(facts, await readWaivers(loaded.folder, localFileReader));
}

/** A stack with one set of files is in production what these files say. */
async function loadMode({ folder, mode, environment }: FilesToJudge): Promise<LoadedProject> {
  const reader = localFileReader;
  const choices = await resolveModeFiles(folder, { reader, environment });
  const { files, profiles } = choices[mode] ?? choices.dev;
  return loadProject({ folder, files, profiles, environment, reader });
}

async function collectFiles(loaded: LoadedProject, { mode, now }: FilesToJudge): Promise<PostureFacts> {
  const { project, files, folder } = loaded;
  const roles = findRoles(project);
  const where = toShownFiles(files, folder);
  const dockerfiles = await readDockerfiles(project, localFileReader);
  const context = { project, where, roles, images: {}, dockerfiles };
  return {
    project: project.name,
    mode,
    basis: 'files',
    from: where,
    engine: null,
    parts: toDeclaredParts(context),
    networks: toDeclaredNetworks(context),
    gateway: await readGatewayFile(project, roles, localFileReader),
    edge: { state: 'unknown', why: 'nothing runs that could be asked: its files were judged' },
    edgeFile: await readEdgeFile(loaded, roles, localFileReader),
    observed: null,
    now: now(),
  };
}
