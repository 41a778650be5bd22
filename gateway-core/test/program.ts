// The gateway as a process of its own, killed when the test ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { programs } from '../../scripts/programs.mjs';
import { eventually } from './fixture.ts';

/** A process that starts from sources takes seconds on a machine that is busy with something else. */
export const PROGRAM_TEST_MS = 60_000;

export interface Program {
  readonly child: ChildProcess;
  readonly folder: string;
  readonly output: () => string;
  readonly errors: () => string;
}

export function startProgram(yaml: string, args: string[] = [], env: NodeJS.ProcessEnv = {}): Program {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  const config = join(folder, 'gateway.yaml');
  writeFileSync(config, yaml);
  const filled = args.map((arg) => arg.replace('FOLDER', folder));
  const child = spawn(process.execPath, [programs.gateway, '--config', config, ...filled], {
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true });
  });
  return { child, folder, output: () => output, errors: () => errors };
}

/** Where it listens; rejects when it ended before. */
export async function portOf(program: Program): Promise<number> {
  await eventually(() => program.output().includes('"msg":"listening"') || program.child.exitCode !== null);
  if (program.child.exitCode !== null) throw new Error(`the program ended: ${program.errors()}`);
  const line = program
    .output()
    .split('\n')
    .find((text) => text.includes('"msg":"listening"'));
  return (JSON.parse(line ?? '{}') as { port: number }).port;
}

export const toYaml = (url: string) => `
version: 1
listen: { host: 127.0.0.1, port: 8080 }
upstreams: { app: { url: ${url} } }
routes: [{ id: app, paths: [/app], upstream: app, rewrite: { prefix: / } }]
`;
