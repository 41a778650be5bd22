// A real Prometheus as a process of a test: on a free port, in a folder of its own, with what the test has it scrape.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PrometheusPlace } from '../prometheus/prometheusPlace.ts';

/** Why there is none on this machine; undefined when there is. */
export const missingPrometheus = ['prometheus', 'promtool'].find(
  (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status !== 0,
);

export interface TestPrometheus {
  readonly port: number;
  /** As the engine would say where it is. */
  readonly place: Extract<PrometheusPlace, { kind: 'present' }>;
  /** Its own API, as anybody else would ask it. */
  api(path: string, parameters?: Record<string, string>): Promise<unknown>;
  kill(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

export interface PrometheusFiles {
  config: string;
  rules?: string;
  /** In OpenMetrics, with time stamps: what it has known for long. */
  history?: string;
}

export async function startPrometheus({ config, rules, history }: PrometheusFiles): Promise<TestPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'gh-prometheus-'));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const configFile = file('prometheus.yml', config);
  if (rules !== undefined) file('rules.yml', rules);
  const data = join(folder, 'data');
  if (history !== undefined) importHistory(file('history.om', history), data);
  const port = await findFreePort();
  let child: ChildProcess | undefined;

  const prometheus: TestPrometheus = {
    port,
    place: {
      kind: 'present',
      service: 'prometheus',
      container: 'prometheus',
      startedAt: null,
      ways: [{ kind: 'published', host: '127.0.0.1', port }],
      running: 1,
    },
    async api(path, parameters = {}) {
      const answer = await fetch(`http://127.0.0.1:${port}${path}?${new URLSearchParams(parameters)}`);
      return ((await answer.json()) as { data: unknown }).data;
    },
    async start() {
      const args = [
        `--config.file=${configFile}`,
        `--storage.tsdb.path=${data}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ];
      child = spawn('prometheus', [...args, '--log.level=error'], { stdio: ['ignore', 'ignore', 'inherit'] });
      await untilReady(port, child);
    },
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
    async close() {
      await prometheus.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await prometheus.start();
  return prometheus;
}

function importHistory(file: string, data: string): void {
  const { status, stderr } = spawnSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', file, data], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`promtool did not take the history: ${stderr.slice(0, 500)}`);
}

/** Prometheus does not say which port it got for 0. */
async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function untilReady(port: number, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/-/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`prometheus ended with ${child.exitCode}`);
}
