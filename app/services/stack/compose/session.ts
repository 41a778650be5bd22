// What one load carries along: the reader, what was read, and what is to be said.
import { createHash } from 'node:crypto';
import { type FileReader, unreadable } from './fileReader.ts';
import type { Warning } from './problem.ts';

/** Files that one project may be made of: a chain of includes longer than this is a mistake or an attack. */
const fileLimit = 200;

export interface LoadSession {
  readonly reader: FileReader;
  /** The folder that names in messages start from. */
  readonly folder: string;
  /** Absolute path → hash of the text. */
  readonly sources: Map<string, string>;
  readonly warnings: Warning[];
}

/** undefined: there is no such file. */
export async function readSource(session: LoadSession, path: string): Promise<string | undefined> {
  const text = await session.reader.readText(path);
  if (text === undefined) return undefined;
  session.sources.set(path, createHash('sha256').update(text).digest('hex'));
  if (session.sources.size > fileLimit) {
    throw unreadable(`the project reads more than ${fileLimit} files.`, 'Check its include: and extends:.');
  }
  return text;
}

/** As shown in messages: relative to the project's folder where it lies in it. */
export function toShownPath({ reader, folder }: LoadSession, path: string): string {
  const relative = reader.path.relative(folder, path);
  return relative === '' || relative.startsWith('..') || reader.path.isAbsolute(relative) ? path : relative;
}

export function warn(session: LoadSession, place: string, message: string): void {
  if (session.warnings.some((known) => known.place === place && known.message === message)) return;
  session.warnings.push({ place, message });
}
