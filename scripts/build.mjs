// Builds what has changed: the renderer with Vite, every program with Rolldown (which Vite brings).
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { dirname, join, parse } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { ensureInstalled } from './install.mjs';
import { findNode24 } from './node24.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Programs, the folders that each is made of, and whether every dependency goes inside (it runs alone in a container). */
const TARGETS = [
  { name: 'renderer', sources: ['renderer', 'app/contract', 'resources/icons'] },
  {
    name: 'host',
    entry: 'app/host/cli.ts',
    out: 'gatehouse.js',
    sources: ['app', 'gateway-core'],
    selfContained: false,
  },
  {
    name: 'gateway',
    entry: 'gateway-core/main.ts',
    out: 'gateway.js',
    sources: ['gateway-core'],
    selfContained: true,
    // For `node --eval` in containers without the gateway: one small text.
    beside: { entry: 'gateway-core/relay/relayMain.ts', out: 'relay.cjs', minify: true },
  },
  {
    name: 'platform',
    entry: 'resources/platform/services/main.ts',
    out: 'service.js',
    sources: ['resources/platform/services'],
    selfContained: true,
  },
  {
    name: 'main',
    entry: 'main/main.ts',
    out: 'main.js',
    sources: ['main'],
    selfContained: false,
    // Electron loads the preload of a sandboxed page with require(): one file of CommonJS.
    beside: { entry: 'main/preload.ts', out: 'preload.cjs' },
  },
];

/** ajv takes 0.3 s of a processor to compile the schema of gateway.yaml, at each start of gateway and host: it is done once, here. */
const compiledValidator = {
  name: 'compiled-validator',
  load: {
    filter: { id: /gateway-core[\\/]config[\\/]validateDocument\.ts$/ },
    async handler() {
      const { stdout } = await promisify(execFile)(findNode24(), [join(root, 'scripts', 'configValidator.mjs')], {
        maxBuffer: 16 * 1024 * 1024,
      });
      return { code: stdout, moduleType: 'js' };
    },
  },
};

function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else if (!/\.test\.tsx?$/.test(entry.name)) yield path;
  }
}

/** What npm brings beside the program, wherever it is installed; every other package goes into the program. */
const dependencies = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies);
const isDependency = (id) => dependencies.some((name) => id === name || id.startsWith(`${name}/`));

/**
 * An import of `node:http` reads all that it exports, and with that loads the whole of fetch: a third of the start of a
 * small program and 5 MB of it. Only what is no getter is exported here, so that who names another one is told by the build.
 */
const httpWithoutFetch = {
  name: 'http-without-fetch',
  resolveId: {
    filter: { id: /^node:http$/ },
    // require() reads nothing before it is asked for.
    handler: (_id, _importer, { kind }) => (kind === 'import-statement' ? '\0node-http' : null),
  },
  load: {
    filter: { id: /^\0node-http$/ },
    handler() {
      const exported = Object.entries(Object.getOwnPropertyDescriptors(http)).filter(([, { get }]) => !get);
      const names = exported.map(([name]) => name);
      return `export const { ${names.join(', ')} } = process.getBuiltinModule('node:http');`;
    },
  },
};

/** Changes when a source, a build script or the lockfile changes: size and time are enough for a working tree. */
function fingerprint(target) {
  const hash = createHash('sha256');
  for (const name of [
    ...target.sources,
    'scripts/build.mjs',
    'scripts/configValidator.mjs',
    'package-lock.json',
    'tsconfig.base.json',
  ]) {
    const path = join(root, name);
    if (!existsSync(path)) continue;
    for (const file of statSync(path).isDirectory() ? files(path) : [path]) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`${file}:${size}:${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

async function buildRenderer() {
  const { build } = await import('vite');
  await build({ configFile: join(root, 'renderer/vite.config.ts'), logLevel: 'warn' });
}

async function buildProgram(target) {
  // Rolldown is Vite's own dependency, so the version that Vite was tested with is the one that is used.
  const vite = await import.meta.resolve('vite');
  const { createRequire } = await import('node:module');
  const { rolldown } = await import(pathToFileURL(createRequire(vite).resolve('rolldown')).href);
  const bundle = await rolldown({
    input: { [parse(target.out).name]: join(root, target.entry) },
    platform: 'node',
    external: (id) => /^node:(?!http$)/.test(id) || (!target.selfContained && (id === 'electron' || isDependency(id))),
    plugins: [httpWithoutFetch, compiledValidator],
    logLevel: 'warn',
    transform: { target: 'node24' },
  });
  await bundle.write({
    dir: join(root, 'dist', target.name),
    format: target.out.endsWith('.cjs') ? 'cjs' : 'esm',
    entryFileNames: target.out,
    chunkFileNames: '[name]-[hash].js',
    sourcemap: !target.minify,
    minify: target.minify ?? false,
    // Bundled CommonJS packages still call require() for Node's own modules.
    banner:
      target.selfContained && !target.out.endsWith('.cjs')
        ? "import { createRequire as gatehouseRequire } from 'node:module'; const require = gatehouseRequire(import.meta.url);"
        : '',
  });
  await bundle.close();
}

/** Builds every target, or those of `only`, whose sources changed since their last build. */
export async function buildChanged({ quiet = false, only = [] } = {}) {
  const stampFolder = join(root, '.cache', 'build');
  mkdirSync(stampFolder, { recursive: true });
  const stale = TARGETS.filter((target) => {
    if (only.length > 0 && !only.includes(target.name)) return false;
    const stamp = join(stampFolder, target.name);
    target.fingerprint = fingerprint(target);
    const built = existsSync(join(root, 'dist', target.name));
    return !built || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== target.fingerprint;
  });
  if (stale.length === 0) return;
  if (!quiet) console.error(`Building ${stale.map((target) => target.name).join(', ')} …`);
  await Promise.all(
    stale.map(async (target) => {
      if (target.entry) {
        rmSync(join(root, 'dist', target.name), { recursive: true, force: true });
        await buildProgram(target);
        if (target.beside) await buildProgram({ ...target, ...target.beside });
      } else await buildRenderer();
      writeFileSync(join(stampFolder, target.name), target.fingerprint);
    }),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensureInstalled();
  await buildChanged({ only: process.argv.slice(2) });
}
