// Archives for `docker cp`, made by the machine's tar: an engine must read what another program wrote.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Path to content. */
export type Files = Record<string, string>;

/** `transform` is a sed expression on the names, for archives that tar would not make of itself. */
export function toTar(files: Files, transform?: string): Buffer {
  return inFolder((folder) => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    const renamed = transform === undefined ? [] : ['--absolute-names', `--transform=${transform}`];
    return execFileSync('tar', ['-C', folder, '-cf', '-', ...renamed, ...readdirSync(folder)]);
  });
}

export function fromTar(bytes: Buffer): Files {
  return inFolder((folder) => {
    execFileSync('tar', ['-C', folder, '-xf', '-'], { input: bytes });
    const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return Object.fromEntries(
      paths.map(({ parentPath, name }) => {
        const path = join(parentPath, name);
        return [path.slice(folder.length + 1), readFileSync(path, 'utf8')];
      }),
    );
  });
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'ght-tar-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
