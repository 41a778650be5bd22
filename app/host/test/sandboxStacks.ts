// A sandbox engine and a console for it, each a process, and stacks in folders that the command line operates there.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { programs } from '../../../scripts/programs.mjs';
import { type CliResult, type RunningCli, runCli, startCli } from './runCli.ts';

type Service = Readonly<Record<string, unknown>>;

export interface Stack {
  readonly name: string;
  readonly folder: string;
  /** Each service is the platform's image, and ends at once when asked. */
  write(services: Record<string, Service>, options?: { mode?: 'dev' | 'prod'; volumes?: readonly string[] }): void;
  /** Asks the running console. */
  run(...args: string[]): Promise<CliResult>;
  start(...args: string[]): RunningCli;
  /** Goes to the engine by its address, with a host of its own. */
  startAlone(...args: string[]): RunningCli;
  /** In a shell that says something else. */
  runWith(shell: NodeJS.ProcessEnv, ...args: string[]): Promise<CliResult>;
  /** Containers by name without the project's, with their states. */
  states(): Promise<Record<string, string>>;
}

export interface Stacks {
  create(name: string): Stack;
  get(path: string): Promise<{ status: number; body: unknown }>;
}

const START_MS = 60_000;

/** For the file: both are there before its first test, and go with all their processes after the last one. */
export function openSandboxStacks(): Stacks {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-cli-'));
  const socketPath = join(folder, 'e.sock');
  const address = `unix://${socketPath}`;
  const runtimeFolder = join(folder, 'run');
  // The same programs are read by every process of the file.
  const cache = { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(folder, 'compiled') };
  const environment = { ...cache, DOCKER_HOST: address, DOCKER_CONTEXT: '' };
  const running: ChildProcess[] = [];
  const begin = async (...args: string[]) => {
    const env = {
      ...process.env,
      ...environment,
      GATEHOUSE_RUNTIME_DIR: runtimeFolder,
      GATEHOUSE_STATE_DIR: join(folder, 'state'),
    };
    const program = spawn(process.execPath, [programs.gatehouse, ...args], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    running.unshift(program);
    await once(program.stdout, 'data');
  };
  beforeAll(async () => {
    await begin('sandbox', '--socket', socketPath, '--end-with-stdin');
    await begin('serve', '--port', '0', '--no-open', '--until-stdin-ends');
  }, START_MS);
  afterAll(async () => {
    for (const program of running) {
      const ended = once(program, 'exit');
      program.stdin?.end();
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  }, START_MS);

  const get: Stacks['get'] = (path) => askEngine(socketPath, path);
  const create = (name: string): Stack => {
    const own = join(folder, name);
    mkdirSync(own);
    const place = ['--stack', own];
    const alone = ['--engine', address, ...place];
    return {
      name,
      folder: own,
      write(services, { mode = 'dev', volumes = [] } = {}) {
        const file = mode === 'prod' ? 'docker-compose.prod.yaml' : 'docker-compose.yaml';
        // JSON is YAML.
        writeFileSync(join(own, file), JSON.stringify(toCompose(name, services, volumes)));
      },
      run: (...args) => runCli([...args, ...place], runtimeFolder, environment),
      start: (...args) => startCli([...args, ...place], runtimeFolder, environment),
      startAlone: (...args) => startCli([...args, ...alone], runtimeFolder, cache),
      runWith: (shell, ...args) => runCli([...args, ...place], runtimeFolder, { ...environment, ...shell }),
      async states() {
        const filters = encodeURIComponent(JSON.stringify({ label: [`com.docker.compose.project=${name}`] }));
        const rows = (await get(`/containers/json?all=1&filters=${filters}`)).body as {
          Names: string[];
          State: string;
        }[];
        return Object.fromEntries(rows.map(({ Names, State }) => [(Names[0] ?? '').slice(name.length + 2), State]));
      },
    };
  };
  return { create, get };
}

function toCompose(name: string, services: Record<string, Service>, volumes: readonly string[]) {
  const complete = (service: Service) => ({
    image: 'gatehouse/platform-service:0.1.0',
    command: ['search'],
    init: true,
    stop_grace_period: '2s',
    pull_policy: 'never',
    ...service,
  });
  return {
    name,
    services: Object.fromEntries(Object.entries(services).map(([key, service]) => [key, complete(service)])),
    volumes: Object.fromEntries(volumes.map((key) => [key, {}])),
  };
}

function askEngine(socketPath: string, path: string): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    request({ socketPath, path }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
    })
      .on('error', reject)
      .end();
  });
}
