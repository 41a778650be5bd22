// Runs a TypeScript file with Node 24: `node scripts/run.mjs FILE arguments…`.
import { spawn } from 'node:child_process';
import { ensureInstalled } from './install.mjs';
import { findNode24 } from './node24.mjs';

const [file, ...args] = process.argv.slice(2);
if (file === undefined) {
  console.error('which file? write `node scripts/run.mjs FILE arguments…`');
  process.exit(2);
}
ensureInstalled();
const child = spawn(findNode24(), [file, ...args], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
