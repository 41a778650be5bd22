// What an exec runs. A container of the sandbox has no file system of its own, so there are no programs in it but its
// own, and a few words that are honest everywhere. Nothing of the host is ever run in a container's name. Pure.

import { findHostPath } from '../archive/mounts.ts';
import type { Container } from '../containers/container.ts';
import type { Programs, Workload } from '../containers/programs.ts';
import { runSandboxShell } from './shell.ts';

export type ExecPlan = { kind: 'run'; argv: string[] } | { kind: 'refuse'; reason: string };

/** Where the images have their program. */
const PROGRAM_FOLDERS = ['/app/', '/opt/gatehouse/'];
const PROGRAM_FILES: Partial<Record<Workload['kind'], string>> = { gateway: 'gateway.js', service: 'service.js' };

/** Of an exec's environment: whether a terminal was asked for. */
export const TERMINAL_VARIABLE = 'GATEHOUSE_SANDBOX_TERMINAL';

/** Each is a whole program for `node --eval`; its arguments follow. */
const WORDS: Readonly<Record<string, string>> = {
  true: '',
  false: 'process.exitCode = 1',
  echo: `const words = process.argv.slice(1);
    const end = words[0] === '-n' ? (words.shift(), '') : '\\n';
    process.stdout.write(words.join(' ') + end)`,
  env: `for (const [name, value] of Object.entries(process.env)) process.stdout.write(name + '=' + value + '\\n')`,
  sh: `(${runSandboxShell})(process.argv.slice(1), process.env.${TERMINAL_VARIABLE} === '1')`,
  sleep: 'setTimeout(() => {}, process.argv.slice(1).reduce((sum, word) => sum + Number(word), 0) * 1000)',
  cat: `const { createReadStream } = require('node:fs');
    const { pipeline } = require('node:stream/promises');
    (async () => {
      for (const { shown, path } of JSON.parse(process.argv[1])) {
        const complain = (why) => {
          process.stderr.write('cat: ' + shown + ': ' + why + '\\n');
          process.exitCode = 1;
        };
        if (path === null && shown !== '-') complain('No such file or directory (the sandbox has mounted files alone)');
        else await pipeline(shown === '-' ? process.stdin : createReadStream(path), process.stdout, { end: false }).catch((error) => complain(error.message));
      }
    })()`,
};

export function planExec(command: readonly string[], container: Container, programs: Programs): ExecPlan {
  const [first = '', ...rest] = command;
  const word = first.replace(/^(?:\/usr)?\/bin\//, '');
  if (word === 'node') return planProgram(rest, container.workload, programs);
  const code = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
  if (code === undefined) return refuse(first);
  if (word === 'sh' && rest.length > 0 && !(rest[0] === '-c' && rest.length === 2)) return refuse(command.join(' '));
  if (word === 'sleep' && !(rest.length > 0 && rest.every((one) => /^\d{1,6}(\.\d{1,3})?s?$/.test(one)))) {
    return refuse(command.join(' '));
  }
  return { kind: 'run', argv: [programs.node, '--eval', code, '--', ...toWordArguments(word, rest, container)] };
}

function toWordArguments(word: string, given: string[], container: Container): string[] {
  if (word === 'sleep') return given.map((one) => one.replace(/s$/, ''));
  if (word !== 'cat') return given;
  const files = given.length === 0 ? ['-'] : given;
  return [
    JSON.stringify(files.map((shown) => ({ shown, path: shown === '-' ? null : findHostPath(container, shown) }))),
  ];
}

/** `node /app/gateway.js relay …` in a gateway's container: the program that the container itself runs. */
function planProgram([path = '', ...rest]: string[], workload: Workload, programs: Programs): ExecPlan {
  const file = PROGRAM_FILES[workload.kind];
  const isOwn = file !== undefined && PROGRAM_FOLDERS.some((folder) => path === folder + file);
  if (!isOwn || workload.kind === 'standIn') return refuse(`node ${path}`.trim());
  return { kind: 'run', argv: [programs.node, ...programs[workload.kind], ...rest] };
}

function refuse(what: string): ExecPlan {
  const shown = what.length > 200 ? `${what.slice(0, 200)}…` : what;
  return {
    kind: 'refuse',
    reason:
      `sandbox: ${shown} is not available here; containers of the sandbox are local processes without a file ` +
      'system of their own',
  };
}
