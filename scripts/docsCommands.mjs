// Runs what the documents tell to run: every block ```sh of README.md, CONTRIBUTING.md and docs/, line by line, from the
// repository. A line that cannot run here says why above it: `<!-- not run: needs a display -->` before the block, or
// `# not run: …` at the end of the line. A command that fails stops CI, so that no document tells what does not work.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { findNode24 } from './node24.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const LIMIT_MS = 300_000;

/** Commands of a document, with the reason where one is not to be run. Lines that end in a backslash go on. */
export function findCommands(text) {
  const commands = [];
  const blocks = text.matchAll(/(?:<!-- not run: ([^\n]*?) -->\n+[ \t]*)?```sh\n([\s\S]*?)```/g);
  for (const [, reason, body] of blocks) {
    for (const line of body.replaceAll('\\\n', ' ').split('\n')) {
      if (line.trim() === '' || line.startsWith('#')) continue;
      const [, said] = /# not run: (.*)$/.exec(line) ?? [];
      // `|| …` and exit codes of a verdict: the document says what a code means.
      const [, allowed] = /# ends with (\d+(?:, \d+)*)/.exec(line) ?? [];
      commands.push({ line, reason: said ?? reason, codes: (allowed ?? '0').split(', ').map(Number) });
    }
  }
  return commands;
}

function run({ line, codes }, environment) {
  const { status, stderr, error } = spawnSync('bash', ['-c', line], {
    cwd: root,
    env: environment,
    encoding: 'utf8',
    timeout: LIMIT_MS,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (codes.includes(status)) return undefined;
  return `ended with ${status ?? error?.message}: ${stderr.trim().split('\n').slice(-5).join('\n    ')}`;
}

/** `npx gatehouse` and `gatehouse` are this checkout's; the state of the machine's own console is left alone. */
function prepare() {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-docs-'));
  symlinkSync(join(root, 'bin', 'gatehouse.mjs'), join(folder, 'gatehouse'));
  writeFileSync(join(folder, 'npx'), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
  const environment = {
    ...process.env,
    PATH: `${folder}${delimiter}${process.env.PATH}`,
    GATEHOUSE_RUNTIME_DIR: join(folder, 'run'),
    GATEHOUSE_STATE_DIR: join(folder, 'state'),
  };
  return { folder, environment };
}

/** What documents call "a console that runs": with the sandbox's platform on it. Gives what ends it. */
async function startConsole(environment) {
  const program = join(root, 'dist', 'host', 'gatehouse.js');
  // It ends with this script, however that ends: its stdin does.
  const args = [program, 'serve', '--port', '0', '--no-open', '--engine', 'sandbox', '--until-stdin-ends'];
  const child = spawn(findNode24(), args, { env: environment, stdio: ['pipe', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) if (line.startsWith('Gatehouse: ')) break;
  const file = readdirSync(environment.GATEHOUSE_RUNTIME_DIR).find((name) => /^host-\d+\.json$/.test(name));
  const { url, token } = JSON.parse(readFileSync(join(environment.GATEHOUSE_RUNTIME_DIR, file), 'utf8'));
  await startSandbox(url, token);
  return async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  };
}

async function startSandbox(url, token) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api?connectionParams=1`, { origin: url });
  await once(socket, 'open');
  socket.send(JSON.stringify({ method: 'connectionParams', data: { token } }));
  socket.send(JSON.stringify({ id: 1, method: 'mutation', params: { path: 'sandbox.start' } }));
  const [answer] = await once(socket, 'message');
  socket.terminate();
  if (JSON.parse(String(answer)).error) throw new Error(`the sandbox does not start: ${answer}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md', { cwd: root }).sort()];
  const { folder, environment } = prepare();
  const endConsole = await startConsole(environment);
  let ran = 0;
  const failed = [];
  const notRun = [];
  for (const file of files) {
    for (const command of findCommands(readFileSync(join(root, file), 'utf8'))) {
      if (command.reason !== undefined) {
        notRun.push(`${file}: ${command.line.replace(/\s+#.*$/, '')} (${command.reason})`);
        continue;
      }
      const failure = run(command, environment);
      ran += 1;
      if (failure) failed.push(`${file}: ${command.line}\n    ${failure}`);
    }
  }
  await endConsole();
  rmSync(folder, { recursive: true, force: true });
  for (const line of notRun) console.log(`not run: ${line}`);
  for (const line of failed) console.log(`failed: ${line}`);
  console.log(
    `documented commands: ${ran - failed.length} ran, ${failed.length} failed, ${notRun.length} not run here`,
  );
  process.exit(failed.length === 0 ? 0 : 1);
}
