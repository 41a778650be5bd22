// Brings the platform up on a real engine with docker compose, beside whatever else runs there, and takes down only that.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestContext } from 'vitest';
import { FILE_NAMES, LOCAL_OVERRIDE, type Mode, PLATFORM_FOLDER } from './composeFiles.ts';

const run = promisify(execFile);

export const HAS_ENGINE = process.env.GATEHOUSE_TEST_ENGINE === '1';

/** For beforeEach: says what is missing where tests may not touch an engine. */
export function needEngine(context: TestContext): void {
  if (!HAS_ENGINE) context.skip('needs a Docker engine; run eval "$(.ci/engine/up)" and set GATEHOUSE_TEST_ENGINE=1');
}

export async function docker(...argv: string[]): Promise<string> {
  const { stdout } = await run('docker', argv, { maxBuffer: 16 * 1024 * 1024 });
  return stdout.trim();
}

/** Exit code and output of a command that may fail. */
export async function attempt(...argv: string[]): Promise<{ code: number; output: string }> {
  try {
    const { stdout, stderr } = await run('docker', argv);
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: stdout + stderr };
  }
}

export interface Stack {
  project: string;
  /** A copy of resources/platform: secrets and certificates are made in it. */
  folder: string;
  compose(...argv: string[]): Promise<string>;
  exec(service: string, ...argv: string[]): Promise<string>;
  /** The address of a service's container on a network. */
  address(service: string, network: string): Promise<string>;
  down(): Promise<void>;
}

/** Resolves when every health check has passed. On failure it says which have not, and takes down what it started. */
export async function startStack(
  mode: Mode,
  prepare: (folder: string) => Promise<void> = async () => {},
): Promise<Stack> {
  const folder = mkdtempSync(join(tmpdir(), `platform-${mode}-`));
  const own = ['secrets', 'certificates'];
  cpSync(PLATFORM_FOLDER, folder, {
    recursive: true,
    filter: (path) => !own.some((name) => path.endsWith(`/${name}`)),
  });
  await prepare(folder);
  // A project of this very run: another run on the same engine must not take it down, nor this one that.
  const project = `gatehouse-test-${mode}-${process.pid}`;
  const files = ['-f', join(folder, FILE_NAMES[mode]), '-f', LOCAL_OVERRIDE];
  const compose = (...argv: string[]) => docker('compose', '-p', project, '--progress', 'quiet', ...files, ...argv);
  const stack: Stack = {
    project,
    folder,
    compose,
    exec: (service, ...argv) => compose('exec', '-T', service, ...argv),
    address: async (service, network) => {
      const [container = ''] = (await compose('ps', '-q', service)).split('\n');
      const format = `{{(index .NetworkSettings.Networks "${project}_${network}").IPAddress}}`;
      return docker('inspect', '--format', format, container);
    },
    async down() {
      await compose('down', '--volumes', '--timeout', '3');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await compose('up', '--detach', '--wait', '--wait-timeout', '180', '--pull', 'never', '--no-build');
  } catch (error) {
    const state = await compose('ps', '--all', '--format', '{{.Service}}: {{.Status}}');
    await stack.down();
    throw new Error(`the ${mode} stack did not become healthy: ${String(error)}\n${state}`);
  }
  return stack;
}

/** The body that a GET from inside a container is answered with. */
export function readFrom(stack: Stack, service: string, url: string): Promise<string> {
  const program = `fetch(${JSON.stringify(url)}).then((r) => r.text()).then((text) => process.stdout.write(text))`;
  return stack.exec(service, 'node', '-e', program);
}

/** What a GET from inside a container ends with: the status, or the reason for none. */
export function getFrom(stack: Stack, service: string, url: string): Promise<string> {
  const program = `process.getBuiltinModule('http')
    .get(${JSON.stringify(url)}, { timeout: 3000 }, (r) => { console.log(r.statusCode); process.exit(); })
    .on('timeout', () => { console.log('timeout'); process.exit(); })
    .on('error', (e) => { console.log(e.code); process.exit(); })`;
  return stack.exec(service, 'node', '-e', program);
}
