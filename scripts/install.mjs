// Installs the dependencies when they are missing or differ from the lockfile; says so, once.
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');

/** Whether npm's own record of what it installed agrees with the lockfile; other platforms' packages do not count. */
function isInstalled() {
  const record = join(modules, '.package-lock.json');
  if (!existsSync(record)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' || (entry.optional && !installed[path]) || installed[path]?.version === entry.version,
  );
}

/** Runs `npm ci` when needed. Ends the process with npm's own message when that fails. */
export function ensureInstalled() {
  if (isInstalled()) return;
  if (existsSync(modules) && lstatSync(modules).isSymbolicLink()) {
    // npm ci would empty the folder that the link points to, which belongs to another checkout.
    console.error(
      `${modules} is a link to a folder that does not match package-lock.json; remove the link and run again`,
    );
    process.exit(2);
  }
  console.error('Installing dependencies (npm ci), once …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const result = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) {
    console.error('npm ci failed; see its message above. Check the network and run the command again.');
    process.exit(result.status ?? 1);
  }
}
