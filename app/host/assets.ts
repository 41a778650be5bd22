// The built console, read once at start. A request is looked up in this list; no path of a request ever reaches the disk.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

export interface Asset {
  readonly body: Buffer;
  readonly type: string;
  readonly etag: string;
  /** Its name carries a hash of its content, so that a browser may keep it for good. */
  readonly immutable: boolean;
}

export interface Assets {
  /** What is served at a path: the file of that name, else index.html, since paths are the console's addresses. */
  find(path: string): Asset | undefined;
}

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

const NOT_BUILT = `<!doctype html><meta charset="utf-8"><title>Gatehouse</title>
<h1>The console is not built</h1><p>Run <code>npm run build</code> in Gatehouse's folder, then start it again.</p>`;

/** Where Vite puts what it names by content. */
const HASHED = '/assets/';

/** Reads every file under `folder`. Where there is none, a page says how to build the console. */
export async function loadAssets(folder: string): Promise<Assets> {
  const byPath = new Map<string, Asset>();
  let entries: string[] = [];
  try {
    entries = await readdir(folder, { recursive: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await Promise.all(
    entries.map(async (entry) => {
      const path = `/${entry.replaceAll('\\', '/')}`;
      const type = TYPES[extname(path).toLowerCase()];
      // Folders have no type, and what has none is not part of the console.
      if (type) byPath.set(path, createAsset(await readFile(join(folder, entry)), type, path.startsWith(HASHED)));
    }),
  );
  const index = byPath.get('/index.html') ?? createAsset(Buffer.from(NOT_BUILT), TYPES['.html'] ?? '', false);
  return {
    // A missing asset is missing: index.html in its place would fail as a script, and be kept for good.
    find: (path) => byPath.get(path) ?? (path.startsWith(HASHED) ? undefined : index),
  };
}

function createAsset(body: Buffer, type: string, immutable: boolean): Asset {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  return { body, type, etag, immutable };
}
