// `npm start`: installs what is missing, builds what changed, and opens the console. Arguments are those of `gatehouse serve`.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildChanged } from './build.mjs';
import { fetchElectron, isElectronPresent, wantsWindow } from './electron.mjs';
import { ensureInstalled } from './install.mjs';
import { findNode24 } from './node24.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const args = process.argv.slice(2);

ensureInstalled();
const node = findNode24();
await buildChanged();
if (wantsWindow(args) && !isElectronPresent()) await fetchElectron(node);

const host = spawn(node, [join(root, 'dist', 'host', 'gatehouse.js'), 'desktop', ...args], { stdio: 'inherit' });
// A terminal's Ctrl-C reaches the host by itself too; it takes both for one.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => host.kill(signal));
host.on('error', (error) => {
  console.error(`cannot run ${node}: ${error.message}`);
  process.exit(2);
});
host.on('exit', (code) => process.exit(code ?? 1));
