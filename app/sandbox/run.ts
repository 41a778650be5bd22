// The sandbox engine as a program: `gatehouse sandbox --socket PATH [--state DIR] [--parent-pid PID] [--end-with-stdin] …`.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createSandboxEngine, type Programs } from './engine.ts';

const USAGE = `gatehouse sandbox --socket PATH [--state DIR] [--parent-pid PID] [--end-with-stdin] [--spans-to ADDRESS]

  --socket PATH      where the Docker Engine API listens (docker -H unix://PATH ps)
  --state DIR        hosts.json and admin sockets; PATH.d when left out
  --parent-pid PID   end when process PID is gone
  --end-with-stdin   end when stdin closes, for a parent that holds its pipe
  --spans-to ADDRESS who takes spans in place of Jaeger's stand-in, as 127.0.0.1:4318
`;

const PARENT_CHECK_MS = 250;

interface SandboxArguments {
  socketPath: string;
  stateFolder: string;
  parentPid: number | undefined;
  endWithStdin: boolean;
  spansTo: string | undefined;
}

/** Answers a sentence when the arguments are wrong. */
export function parseSandboxArguments(argv: readonly string[]): SandboxArguments | string {
  let values: {
    socket?: string;
    state?: string;
    'parent-pid'?: string;
    'end-with-stdin'?: boolean;
    'spans-to'?: string;
  };
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: {
        socket: { type: 'string' },
        state: { type: 'string' },
        'parent-pid': { type: 'string' },
        'end-with-stdin': { type: 'boolean' },
        'spans-to': { type: 'string' },
      },
    }));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const parent = values['parent-pid'];
  if (values.socket === undefined || values.socket === '') return '--socket PATH is missing';
  if (parent !== undefined && !/^[1-9]\d{0,9}$/.test(parent))
    return `--parent-pid ${JSON.stringify(parent)} is not a process id`;
  const spansTo = values['spans-to'];
  if (spansTo !== undefined && !/^127\.0\.0\.1:[1-9]\d{0,4}$/.test(spansTo))
    return `--spans-to ${JSON.stringify(spansTo)} is not an address of loopback, as 127.0.0.1:4318`;
  const socketPath = resolve(values.socket);
  return {
    socketPath,
    stateFolder: resolve(values.state ?? `${socketPath}.d`),
    parentPid: parent === undefined ? undefined : Number(parent),
    endWithStdin: values['end-with-stdin'] ?? false,
    spansTo,
  };
}

/** Runs the engine until it is told to end. Answers the exit code: 0, 2 for wrong use, 3 when it cannot listen. */
export async function runSandbox(argv: readonly string[], programs: Programs): Promise<number> {
  const given = parseSandboxArguments(argv);
  if (typeof given === 'string') {
    process.stderr.write(`${given}\n\n${USAGE}`);
    return 2;
  }
  const ended = waitForEnd(given);
  const engine = createSandboxEngine({ ...given, programs });
  try {
    await engine.listen();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 3;
  }
  process.stdout.write(`Gatehouse sandbox: docker -H unix://${given.socketPath} ps\n`);
  await ended;
  await engine.close();
  return 0;
}

function waitForEnd({ parentPid, endWithStdin }: SandboxArguments): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => resolve());
    if (endWithStdin) {
      process.stdin.on('error', () => {});
      process.stdin.once('close', () => resolve()).resume();
      // Neither watch keeps the program alive; its server does. A file as stdin has no unref.
      process.stdin.unref?.();
    }
    if (parentPid !== undefined) {
      const timer = setInterval(() => {
        if (isAlive(parentPid)) return;
        clearInterval(timer);
        resolve();
      }, PARENT_CHECK_MS).unref();
    }
    // A reader of our output that has gone must not end us by an unhandled EPIPE.
    process.stdout.on('error', () => {});
  });
}

function isAlive(pid: number): boolean {
  // Our own parent's id can be given to another process after its death; that we then have another parent cannot.
  if (INITIAL_PARENT === pid) return process.ppid === pid;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const INITIAL_PARENT = process.ppid;
