// Files into and out of what is mounted into a container (docker cp).
import { constants, existsSync, mkdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join, posix, relative, sep } from 'node:path';
import type { Container } from '../containers/container.ts';
import { EngineError } from '../http/engineError.ts';
import { findHostPath, findMounted } from './mounts.ts';
import { readTar, TarError, type TarItem } from './tarReader.ts';

const EXTRACT_LIMIT_BYTES = 512 * 1024 * 1024;
const EXTRACT_LIMIT_ITEMS = 20_000;
/** Bits of Go's os.FileMode, which Docker sends as they are. */
const GO_FOLDER = 0x80000000;

export interface FoundFile {
  hostPath: string;
  /** As the archive and the client name it. */
  name: string;
  stats: Stats;
}

/** Throws EngineError 400 without a path, 404 for what is not mounted or not there. */
export function findFile(container: Container, path: string): FoundFile {
  if (path === '') throw new EngineError(400, 'bad parameter: path cannot be empty');
  const hostPath = findHostPath(container, path);
  if (hostPath === null) throw notThere(container, path);
  // `folder/.` is the folder's content, named so in the archive.
  const name = /\/\.$/.test(path) ? '.' : posix.basename(posix.normalize(path));
  return { hostPath, name, stats: statSync(hostPath) };
}

function notThere(container: Container, path: string): EngineError {
  const { mounts } = container;
  const there =
    mounts.length === 0
      ? 'nothing is mounted'
      : `only these are mounted: ${mounts.map(({ target }) => target).join(', ')}`;
  return new EngineError(
    404,
    `Could not find the file ${path} in container ${container.name}: a container of the sandbox has no file system of its own; ${there.slice(0, 500)}`,
  );
}

/** The header X-Docker-Container-Path-Stat. */
export function toPathStat({ name, stats }: FoundFile): string {
  const mode = (stats.mode & 0o777) + (stats.isDirectory() ? GO_FOLDER : 0);
  const stat = { name, size: stats.size, mode, mtime: stats.mtime.toISOString(), linkTarget: '' };
  return Buffer.from(JSON.stringify(stat)).toString('base64');
}

/**
 * Writes what the archive holds under `folder` of the container. Throws EngineError 404 for what is not mounted, 403 for
 * what is mounted read-only, 400 for what is no archive or leads out of the folder.
 */
export async function extract(container: Container, folder: string, source: AsyncIterable<Buffer>): Promise<void> {
  if (folder === '') throw new EngineError(400, 'bad parameter: path cannot be empty');
  requireFolder(container, folder);
  let bytes = 0;
  let items = 0;
  try {
    for await (const item of readTar(source)) {
      bytes += item.size;
      items += 1;
      if (bytes > EXTRACT_LIMIT_BYTES || items > EXTRACT_LIMIT_ITEMS) {
        throw new EngineError(
          413,
          `the archive holds more than ${EXTRACT_LIMIT_BYTES} bytes or ${EXTRACT_LIMIT_ITEMS} files`,
        );
      }
      await place(container, folder, item);
    }
  } catch (error) {
    if (error instanceof TarError) throw new EngineError(400, `Error processing tar file: ${error.message}`);
    throw error;
  }
}

/** A folder that is mounted, or one that is above something mounted. */
function requireFolder(container: Container, folder: string): void {
  const hostPath = findHostPath(container, folder);
  if (hostPath !== null) {
    if (!statSync(hostPath).isDirectory()) throw new EngineError(400, 'extraction point is not a directory');
    return;
  }
  const prefix = `${posix.normalize(posix.join('/', folder)).replace(/\/$/, '')}/`;
  if (!container.mounts.some(({ target }) => target.startsWith(prefix))) throw notThere(container, folder);
}

async function place(container: Container, folder: string, item: TarItem): Promise<void> {
  const name = posix.normalize(item.name);
  if (name.startsWith('../') || name === '..' || name.includes('\0')) {
    throw new EngineError(
      400,
      `Error processing tar file: ${JSON.stringify(item.name)} is outside of ${JSON.stringify(folder)}`,
    );
  }
  const path = posix.join('/', folder, name);
  if (item.type === 'other')
    throw new EngineError(400, `sandbox: ${path} is a link or a device; files and folders alone can be copied`);
  const found = findMounted(container, path);
  if (found === undefined) {
    // The folders above a mount are only named by the archive.
    if (item.type === 'folder' && container.mounts.some(({ target }) => target.startsWith(`${path}/`))) return;
    throw notThere(container, path);
  }
  if (found.mount.readOnly) throw new EngineError(403, 'mounted volume is marked read-only');
  const { source } = found.mount;
  if (item.type === 'folder') makeFolder(source, found.hostPath);
  else if (found.hostPath === source) await writeFile(realpathSync(source), item);
  else await writeFile(join(makeFolder(source, dirname(found.hostPath)), basename(found.hostPath)), item);
}

/** Makes it, part by part, and answers its real path. Throws EngineError 400 when a link on the way leads out of the mount. */
function makeFolder(source: string, path: string): string {
  const root = realpathSync(source);
  let current = root;
  for (const part of relative(source, path)
    .split(sep)
    .filter((one) => one !== '')) {
    const next = join(current, part);
    if (!existsSync(next)) mkdirSync(next);
    current = realpathSync(next);
    if (!current.startsWith(root + sep))
      throw new EngineError(400, `sandbox: ${part} is a link out of what is mounted`);
  }
  return current;
}

async function writeFile(path: string, item: TarItem): Promise<void> {
  // A link in the file's place is not followed: it could lead anywhere on this machine.
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | (constants.O_NOFOLLOW ?? 0);
  const file = await open(path, flags, item.mode || 0o644);
  try {
    for await (const chunk of item.content) await file.write(chunk);
  } finally {
    await file.close();
  }
}
