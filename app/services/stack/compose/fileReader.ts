// How the loader gets at files: a seam, so that those of a remote host can be read over SSH.
import type { Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import nodePath, { type PlatformPath } from 'node:path';
import { GatehouseError } from '../../../contract/index.ts';

export interface FileReader {
  /** The rules of paths on the host whose files these are. */
  readonly path: PlatformPath;
  /** What `~` stands for there. */
  readonly home: string;
  /** undefined: there is no such file, or it is a folder. Throws `folder-unreadable` for one that cannot be read or is too big. */
  readText(path: string): Promise<string | undefined>;
  isFolder(path: string): Promise<boolean>;
}

/** No compose file or .env of a person comes near; one of a build artefact by mistake does. */
const sizeLimitBytes = 1024 * 1024;

export const localFileReader: FileReader = {
  path: nodePath,
  home: homedir(),
  async readText(path) {
    const info = await statOf(path);
    if (!info || info.isDirectory()) return undefined;
    // A pipe or device has no end.
    if (!info.isFile()) throw unreadable(`${path} is no regular file.`, 'Give a file.');
    if (info.size > sizeLimitBytes) {
      throw unreadable(
        `${path} has ${info.size} bytes, more than ${sizeLimitBytes}.`,
        'Check that it is the right file.',
      );
    }
    return await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw unreadable(`${path} cannot be read: ${error.code ?? 'unknown reason'}.`, 'Check its permissions.');
    });
  },
  async isFolder(path) {
    return (await statOf(path))?.isDirectory() ?? false;
  },
};

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw unreadable(`${path} cannot be read: ${code ?? 'unknown reason'}.`, 'Check its permissions.');
  }
}

export function unreadable(message: string, remedy: string): GatehouseError {
  return new GatehouseError({ code: 'folder-unreadable', message, remedy });
}
