// A program `ssh` for tests, first on PATH: it notes its arguments and leads to a socket of this machine.
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './temporaryFolder.ts';

export interface StandInSsh {
  /** One for each start: its process and its arguments. */
  starts(): { pid: number; args: string[] }[];
  /** How many had been started and not yet answered, at most. */
  mostAtOnce(): number;
  /** From now on it ends like this, without connecting; undefined: it connects again. */
  failWith(failure: { said: string; code: number } | undefined): void;
}

export function installStandInSsh(socketPath: string): StandInSsh {
  const folder = temporaryFolder();
  const [log, failure] = [join(folder, 'log'), join(folder, 'failure')];
  const program = `#!${process.execPath}
    const { appendFileSync, existsSync, readFileSync } = require('node:fs');
    const note = (what) => appendFileSync(${JSON.stringify(log)}, JSON.stringify(what) + '\\n');
    note({ pid: process.pid, args: process.argv.slice(2) });
    if (existsSync(${JSON.stringify(failure)})) {
      const { said, code } = JSON.parse(readFileSync(${JSON.stringify(failure)}, 'utf8'));
      process.stderr.write(said);
      process.exitCode = code;
    } else {
      const socket = require('node:net').connect({ path: ${JSON.stringify(socketPath)}, allowHalfOpen: true });
      socket.on('error', (error) => { process.stderr.write('error during connect: ' + error.message); process.exit(1); });
      socket.once('data', () => note({ answered: process.pid }));
      process.stdin.pipe(socket).pipe(process.stdout);
      // As docker's dial-stdio: it ends when the engine has closed.
      for (const name of ['end', 'close']) socket.on(name, () => process.exit(0));
    }`;
  const path = join(folder, 'ssh');
  writeFileSync(path, program);
  chmodSync(path, 0o755);
  setPath(`${folder}${delimiter}${process.env.PATH}`);
  const noted = () =>
    (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []).map((line) => JSON.parse(line));
  return {
    starts: () => noted().filter(({ args }) => args !== undefined),
    mostAtOnce() {
      let [now, most] = [0, 0];
      for (const { answered } of noted()) {
        now += answered === undefined ? 1 : -1;
        most = Math.max(most, now);
      }
      return most;
    },
    failWith(given) {
      if (given) writeFileSync(failure, JSON.stringify(given));
      else rmSync(failure, { force: true });
    },
  };
}

/** Until the test ends. */
export function setPath(path: string): void {
  const before = process.env.PATH;
  process.env.PATH = path;
  onTestFinished(() => {
    process.env.PATH = before;
  });
}
