// The folder that an image is built from, as a stream of one tar archive: only what .dockerignore lets in, in a fixed
// order and without owners, so that the same files give the same layers.
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { GatehouseError } from '../../../contract/index.ts';
import { endOfTar, toPadding, toTarHeader } from '../../docker/tar.ts';
import { type Ignore, parseIgnore } from './dockerignore.ts';

export interface BuildContext {
  readonly stream: Readable;
  /** As the engine finds it in the archive. */
  readonly dockerfile: string;
}

export interface ContextSource {
  readonly folder: string;
  /** Relative to the folder, or absolute. */
  readonly dockerfile: string;
  readonly inline: string | undefined;
}

/** For a Dockerfile that is no file of the context. */
const outsideName = '.gatehouse.Dockerfile';

/** Throws `folder-unreadable` for a folder or Dockerfile that is not there. */
export async function openContext({ folder, dockerfile, inline }: ContextSource): Promise<BuildContext> {
  await requireFolder(folder);
  const path = resolve(folder, dockerfile);
  const inside = relative(folder, path).replaceAll('\\', '/');
  const isInside = inside !== '..' && !inside.startsWith('../') && !isAbsolute(inside);
  const text = inline ?? (await readDockerfile(path));
  const name = inline === undefined && isInside ? inside : outsideName;
  const ignore = await readIgnore(folder, path);
  const outside = name === outsideName ? text : undefined;
  return { stream: Readable.from(pack(folder, ignore, { name, outside })), dockerfile: name };
}

async function requireFolder(folder: string): Promise<void> {
  const info = await lstat(folder).catch(() => undefined);
  if (info?.isDirectory()) return;
  throw new GatehouseError({
    code: 'folder-unreadable',
    message: `The build context ${folder} is no folder that can be read.`,
    remedy: 'Correct `build.context`, or create the folder.',
  });
}

async function readDockerfile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new GatehouseError({
      code: 'folder-unreadable',
      message: `The Dockerfile ${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}.`,
      remedy: 'Correct `build.dockerfile`, or create the file.',
    });
  }
}

/** One beside the Dockerfile wins over the folder's, as in BuildKit. */
async function readIgnore(folder: string, dockerfile: string): Promise<Ignore> {
  const own = await readFile(`${dockerfile}.dockerignore`, 'utf8').catch(() => undefined);
  return parseIgnore(own ?? (await readFile(join(folder, '.dockerignore'), 'utf8').catch(() => '')));
}

interface Dockerfile {
  readonly name: string;
  readonly outside: string | undefined;
}

async function* pack(folder: string, ignore: Ignore, { name, outside }: Dockerfile): AsyncGenerator<Buffer> {
  if (outside !== undefined) {
    const content = Buffer.from(outside);
    yield toTarHeader({ path: name, mode: 0o644, uid: 0, gid: 0, size: content.length, type: '0', modifiedAt: 0 });
    yield Buffer.concat([content, toPadding(content.length)]);
  }
  for await (const path of walk(folder, '', ignore, name)) yield* packEntry(folder, path);
  yield endOfTar;
}

/** Folders before what is in them, names in order. */
async function* walk(folder: string, inside: string, ignore: Ignore, dockerfile: string): AsyncGenerator<string> {
  const entries = await readdir(join(folder, inside), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
    const isIgnored = ignore.isIgnored(path);
    // The engine needs these, whatever the patterns say.
    const isNeeded = path === dockerfile || dockerfile.startsWith(`${path}/`);
    if (!isIgnored || isNeeded) yield path;
    if (entry.isDirectory() && (!isIgnored || isNeeded || ignore.mayHoldExceptions(path))) {
      yield* walk(folder, path, ignore, dockerfile);
    }
  }
}

async function* packEntry(folder: string, path: string): AsyncGenerator<Buffer> {
  const full = join(folder, path);
  const info = await lstat(full);
  const common = { path, mode: info.mode, uid: 0, gid: 0, size: 0, modifiedAt: Math.floor(info.mtimeMs / 1000) };
  if (info.isDirectory()) yield toTarHeader({ ...common, path: `${path}/`, type: '5' });
  else if (info.isSymbolicLink()) yield toTarHeader({ ...common, type: '2', target: await readlink(full) });
  else if (info.isFile()) {
    yield toTarHeader({ ...common, size: info.size, type: '0' });
    yield* readExactly(full, info.size);
    yield toPadding(info.size);
  }
}

/** The header has said how long it is: one that grows is cut, one that shrinks is an error. */
async function* readExactly(path: string, size: number): AsyncGenerator<Buffer> {
  if (size === 0) return;
  let read = 0;
  for await (const chunk of createReadStream(path, { end: size - 1 }) as AsyncIterable<Buffer>) {
    read += chunk.length;
    yield chunk;
  }
  if (read !== size) throw new Error(`${path} became shorter while it was sent`);
}
