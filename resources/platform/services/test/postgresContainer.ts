// A real Postgres in a container of the tests' engine, for the tests that ask one.
import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { onTestFinished, type TestContext } from 'vitest';

const run = promisify(execFile);
const IMAGE = 'gatehouse-local/postgres:trixie';

/** For beforeEach: says what is missing where tests may not touch an engine. */
export function needsPostgres(context: TestContext): void {
  if (process.env.GATEHOUSE_TEST_ENGINE === '1') return;
  context.skip('needs a Docker engine; run eval "$(.ci/engine/up)" and set GATEHOUSE_TEST_ENGINE=1');
}

export interface PostgresContainer {
  url: string;
  password: string;
  docker(...argv: string[]): Promise<string>;
  name: string;
}

export async function startPostgres(): Promise<PostgresContainer> {
  const name = `gatehouse-test-postgres-${process.pid}-${Math.random().toString(36).slice(2)}`;
  const docker = async (...argv: string[]) => (await run('docker', argv)).stdout.trim();
  const environment = ['POSTGRES_USER=shop', 'POSTGRES_DB=shop', 'POSTGRES_PASSWORD=for-this-test'];
  const settings = environment.flatMap((setting) => ['--env', setting]);
  await docker(
    'run',
    '--detach',
    '--name',
    name,
    '--publish',
    '127.0.0.1::5432',
    '--pull',
    'never',
    ...settings,
    IMAGE,
  );
  onTestFinished(async () => void (await docker('rm', '--force', '--volumes', name)));
  const address = await docker('port', name, '5432/tcp');
  // While it initialises it answers on its socket alone; over TCP it is asked for as the platform asks.
  for (;;) {
    const answer = await docker('exec', name, 'pg_isready', '-q', '-h', '127.0.0.1', '-U', 'shop').then(
      () => true,
      () => false,
    );
    if (answer) break;
    await delay(100);
  }
  return { url: `postgres://shop@${address}/shop`, password: 'for-this-test', docker, name };
}
