#!/usr/bin/env node
// Runs the command line on Node 24, whichever Node started it. Signals reach the child; its exit code is ours.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNode24 } from '../scripts/node24.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const program = join(root, 'dist', 'host', 'gatehouse.js');

if (!existsSync(program)) {
  console.error('gatehouse is not built yet; run `npm start` once, or `npm run build`');
  process.exit(2);
}

let node;
try {
  node = findNode24();
} catch (error) {
  console.error(error.message);
  process.exit(2);
}

if (node === process.execPath) {
  await import('../dist/host/gatehouse.js');
} else {
  const child = spawn(node, [program, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`cannot run ${node}: ${error.message}`);
    process.exit(2);
  });
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}
