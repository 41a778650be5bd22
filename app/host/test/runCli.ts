// The command line as a real process.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { programs } from '../../../scripts/programs.mjs';
import { writeRuntimeFile } from '../runtimeFile.ts';
import { type TestHost, temporaryFolder } from './startTestHost.ts';

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunningCli {
  process: ChildProcessWithoutNullStreams;
  result: Promise<CliResult>;
  /** Resolves with the output so far once it matches; rejects when the process ends before. */
  waitFor(pattern: RegExp): Promise<string>;
}

/** A runtime folder of its own, so that no test sees another's host or the user's. */
export function createRuntimeFolder(): string {
  return join(temporaryFolder(), 'run');
}

/** Lets the command line find a host of the test. */
export function announce(host: TestHost, folder: string): void {
  const { port, url, sessions } = host;
  const token = sessions.issueCliToken();
  writeRuntimeFile(folder, { url, port, pid: process.pid, token, startedAt: Date.now(), version: '0.0.0-test' });
}

export function startCli(args: string[], runtimeFolder: string, environment: NodeJS.ProcessEnv = {}): RunningCli {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, FORCE_COLOR: _colour, ...inherited } = process.env;
  const child = spawn(process.execPath, [programs.gatehouse, ...args], {
    env: {
      ...inherited,
      GATEHOUSE_RUNTIME_DIR: runtimeFolder,
      GATEHOUSE_STATE_DIR: join(runtimeFolder, '..', 'state'),
      ...environment,
    },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const result = new Promise<CliResult>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
  return {
    process: child,
    result,
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (pattern.test(stdout)) resolve(stdout);
        };
        child.stdout.on('data', look);
        look();
        child.on('close', (code) => reject(new Error(`ended with ${code} before ${pattern}: ${stdout}${stderr}`)));
      }),
  };
}

export function runCli(args: string[], runtimeFolder: string, environment?: NodeJS.ProcessEnv): Promise<CliResult> {
  return startCli(args, runtimeFolder, environment).result;
}
