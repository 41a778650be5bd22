// Installs the dependencies when they are missing or differ from the lockfile; says so, once.
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Whether npm's own record of what it installed agrees with the lockfile; other platforms' packages do not count. */
function isInstalled(folder) {
  const record = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const wanted = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' || (entry.optional && !installed[path]) || installed[path]?.version === entry.version,
  );
}

/** Runs `npm ci` when needed. Ends the process with npm's own message when that fails. */
export function ensureInstalled() {
  install(root, 'Installing dependencies (npm ci), once …');
}

/** What only installers and packages need, in a folder and with a lockfile of its own: most checkouts never pack one. */
export function ensurePackagingInstalled() {
  install(join(root, 'packaging'), 'Installing what packs installers (npm ci in packaging/), once …');
}

function install(folder, announcement) {
  if (isInstalled(folder)) return;
  const modules = join(folder, 'node_modules');
  if (existsSync(modules) && lstatSync(modules).isSymbolicLink()) {
    // npm ci would empty the folder that the link points to, which belongs to another checkout.
    console.error(
      `${modules} is a link to a folder that does not match package-lock.json; remove the link and run again`,
    );
    process.exit(2);
  }
  console.error(announcement);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const result = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) {
    console.error('npm ci failed; see its message above. Check the network and run the command again.');
    process.exit(result.status ?? 1);
  }
}
