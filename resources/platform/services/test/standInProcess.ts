// A stand-in of .ci/engine as the process that it is, on a port of its own, that can be ended and started again, empty.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

const program = new URL('../../../../.ci/engine/images/stand-in/stand-in.mjs', import.meta.url).pathname;

export interface StandInProcess {
  readonly url: string;
  stop(): Promise<void>;
  /** On the same port, with nothing in it. */
  restart(): Promise<void>;
}

export async function startStandIn(product: string): Promise<StandInProcess> {
  let { child, port } = await launch(product, 0);
  onTestFinished(() => end(child));
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => end(child),
    async restart() {
      await end(child);
      ({ child, port } = await launch(product, port));
    },
  };
}

async function launch(product: string, wanted: number): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, [program], {
    env: { STAND_IN: product, STAND_IN_LISTEN: `127.0.0.1:${wanted}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<number>((resolve, reject) => {
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const line = output.split('\n').find((whole) => whole.endsWith('}'));
      if (line !== undefined) resolve((JSON.parse(line) as { port: number }).port);
    });
    child.once('exit', () => reject(new Error(`the stand-in ended: ${output}`)));
  });
  return { child, port };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
