// Loads compose files that a test writes out, from a folder that is not on any disk.
import { posix } from 'node:path';
import type { FileReader } from '../fileReader.ts';
import { type LoadedProject, type LoadOptions, loadProject } from '../loadProject.ts';

const folder = '/project';

/** `files`: by their path in the folder, or by an absolute one. */
export function readerOf(files: Readonly<Record<string, string>>): FileReader {
  const texts = new Map(Object.entries(files).map(([path, text]) => [posix.resolve(folder, path), text]));
  return {
    path: posix,
    home: '/home/operator',
    async readText(path) {
      return texts.get(path);
    },
    async isFolder(path) {
      return [...texts.keys()].some((file) => file.startsWith(`${path}/`));
    },
  };
}

/** A text is the folder's compose.yaml. */
export function loadText(
  files: string | Readonly<Record<string, string>>,
  options: Partial<LoadOptions> = {},
): Promise<LoadedProject> {
  const reader = readerOf(typeof files === 'string' ? { 'compose.yaml': files } : files);
  return loadProject({ folder, environment: {}, reader, ...options });
}

/** What is wrong with the files. Throws when nothing is. */
export async function problemOf(
  files: string | Readonly<Record<string, string>>,
  options: Partial<LoadOptions> = {},
): Promise<{ code: string; message: string; remedy: string }> {
  const error = await loadText(files, options).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(error instanceof Error)) throw new Error('the files were taken');
  return error as Error & { code: string; remedy: string };
}
