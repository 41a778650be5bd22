// Finds test data that lies outside the repository and is read in place: GATEHOUSE_VECTORS, or shared/vectors above it.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const MISSING = 'shared/vectors is not there; name its folder in GATEHOUSE_VECTORS';

function findFolder(): string | undefined {
  if (process.env.GATEHOUSE_VECTORS) return process.env.GATEHOUSE_VECTORS;
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const vectors = join(folder, 'shared', 'vectors');
    if (existsSync(vectors)) return vectors;
  }
  return undefined;
}

interface Vectors {
  /** A JSON file of the folder. */
  read<T>(path: string): T;
  /** Why tests must be skipped; undefined when the data is there. */
  readonly missing: string | undefined;
}

/** `name` is a folder of shared/vectors. */
export function findVectors(name: string): Vectors {
  const folder = findFolder();
  const own = folder === undefined ? undefined : join(folder, name);
  return {
    read: (path) => JSON.parse(readFileSync(join(own ?? '', path), 'utf8')),
    missing: own !== undefined && existsSync(own) ? undefined : MISSING,
  };
}
