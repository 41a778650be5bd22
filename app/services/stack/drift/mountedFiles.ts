// Which files of this machine a service reads: single files, secrets, configs, and what is in read-only folders.
import { readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Project } from '../compose/project.ts';
import type { ObservedStack } from '../plan/observedStack.ts';
import { toTarget } from '../spec/injectedFiles.ts';
import { getService } from '../spec/names.ts';

export interface MountedFile {
  readonly source: string;
  readonly target: string;
}

/** Folders with more entries than this are data, not configuration. */
const folderLimit = 500;

export async function findMountedFiles(
  project: Project,
  service: string,
  observed: ObservedStack,
): Promise<MountedFile[]> {
  const declared = getService(project, service);
  const mounts = (declared.volumes ?? []).flatMap(({ type, source, target, read_only }) =>
    type === 'bind' && source ? [{ source, target, isReadOnly: read_only === true }] : [],
  );
  const objects = (['secret', 'config'] as const).flatMap((kind) =>
    (declared[`${kind}s`] ?? []).flatMap((reference) => {
      const source = project[`${kind}s`]?.[reference.source]?.file;
      return source === undefined ? [] : [{ source, target: toTarget(kind, reference), isReadOnly: true }];
    }),
  );
  const all = [...mounts, ...objects];
  const lists = await Promise.all(
    all.map(async ({ source, target, isReadOnly }) => {
      if (observed.files[source] !== 'folder') return [{ source, target }];
      // A folder that the container writes to is changed by itself.
      return isReadOnly ? listFolder(source, target) : [];
    }),
  );
  return lists.flat();
}

async function listFolder(source: string, target: string): Promise<MountedFile[]> {
  const files: MountedFile[] = [];
  const folders = [''];
  let entries = 0;
  for (let inside = folders.shift(); inside !== undefined; inside = folders.shift()) {
    for (const entry of await readdir(join(source, inside), { withFileTypes: true }).catch(() => [])) {
      entries += 1;
      if (entries > folderLimit) return [];
      const path = posix.join(inside, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile()) files.push({ source: join(source, path), target: posix.join(target, path) });
    }
  }
  return files;
}
