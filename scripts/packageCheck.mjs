// Packs the npm package, looks at what is in it, installs it into an empty folder and runs its command there. Part of CI.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildChanged } from './build.mjs';
import { ensureInstalled, ensurePackagingInstalled } from './install.mjs';
import { runSmoke } from './smoke.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const isWindows = process.platform === 'win32';

/** Sources, tests and maps stay here; so do secrets that an operator had made in a checkout. */
const UNWANTED = /\.(?:test|spec)\.|\.tsx?$|\.map$|\/test\/|tsconfig|\/secrets\/|\/certificates\/|\.(?:pem|key)$/;
const WANTED = [
  'bin/gatehouse.mjs',
  'scripts/node24.mjs',
  'dist/host/gatehouse.js',
  'dist/gateway/gateway.js',
  'dist/platform/service.js',
  'dist/renderer/index.html',
  'dist/main/main.js',
  'dist/main/preload.cjs',
  'resources/platform/docker-compose.yaml',
  'resources/platform/services/Dockerfile',
  'resources/platform/gateway.yaml',
  '.dockerignore',
  'LICENSE',
  'README.md',
];

function npm(args, cwd) {
  // Whether npm itself is old is not asked here: the answer may take minutes to fail.
  return execFileSync(isWindows ? 'npm.cmd' : 'npm', [...args, '--no-update-notifier'], {
    cwd,
    encoding: 'utf8',
    shell: isWindows,
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
  });
}

function pack(folder) {
  const [packed] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root));
  const files = packed.files.map(({ path }) => path);
  const unwanted = files.filter((path) => UNWANTED.test(path));
  const missing = WANTED.filter((path) => !files.includes(path));
  if (unwanted.length > 0) throw new Error(`the package holds what is not for its users: ${unwanted.join(', ')}`);
  if (missing.length > 0) throw new Error(`the package lacks ${missing.join(', ')}; see "files" in package.json`);
  console.log(`package: ${files.length} files, ${(packed.unpackedSize / 1e6).toFixed(1)} MB unpacked`);
  return join(folder, packed.filename);
}

async function lint(tarball) {
  const { findFaults } = await import('../packaging/lintPackage.mjs');
  const faults = await findFaults(tarball, JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  if (faults.length > 0) throw new Error(faults.join('\n'));
  console.log('package: publint has nothing to say');
}

function install(tarball, folder) {
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  npm(['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', tarball], folder);
  const installed = join(folder, 'node_modules', '@gatehouse-ops', 'console');
  const bin = join(folder, 'node_modules', '.bin', isWindows ? 'gatehouse.cmd' : 'gatehouse');
  const { stdout, status } = spawnSync(bin, ['--version'], { encoding: 'utf8', shell: isWindows });
  const { version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  if (status !== 0 || stdout.trim() !== version)
    throw new Error(`\`gatehouse --version\` ended with ${status}: ${stdout}`);
  console.log(`package: gatehouse ${version} runs from an empty folder`);
  return join(installed, 'dist', 'host', 'gatehouse.js');
}

ensureInstalled();
ensurePackagingInstalled();
await buildChanged();
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-package-'));
try {
  const tarball = pack(folder);
  await lint(tarball);
  runSmoke(install(tarball, folder));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
