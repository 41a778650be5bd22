import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { startGateway } from './fixture.ts';

const SUITE = fileURLToPath(new URL('../../node_modules/http-cache-tests/', import.meta.url));
/** Its server listens on every address; here it may listen on loopback alone. */
const LOOPBACK = `data:text/javascript,${encodeURIComponent(`
  import { Server } from 'node:net';
  const listen = Server.prototype.listen;
  Server.prototype.listen = function (port) { return listen.call(this, Number(port), '127.0.0.1'); };
`)}`;

/** By case: true, or what was found wrong. Without a cache in between most cases find something, always the same. */
type Results = Record<string, true | [kind: string, message: string]>;

/** Why a result may differ, and the only cases in which it may for that reason. */
const ALLOWED: Record<string, readonly string[]> = {
  'the origin closes without an answer, for which the gateway answers 502': [
    'stale-close',
    'stale-close-must-revalidate',
    'stale-close-no-cache',
    'stale-close-proxy-revalidate',
    'stale-close-s-maxage=2',
    'stale-sie-503',
    'stale-sie-close',
    'stale-warning-become',
    'stale-warning-stored',
  ],
  'the origin names a transfer coding that the gateway did not ask for, for which it answers 502': [
    'headers-store-Transfer-Encoding',
  ],
  'the origin sends more than its Content-Length, which goes no further': [
    '304-etag-update-response-Content-Length',
    'headers-store-Content-Length',
  ],
};

function start(file: string, env: Record<string, string>, args: readonly string[] = []): ChildProcess {
  const child = spawn(process.execPath, ['--no-warnings', ...args, join(SUITE, file)], {
    env: { PATH: process.env.PATH ?? '', npm_config_id: '', npm_package_config_id: '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function startOrigin(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'cache-tests-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const env = { npm_config_protocol: 'http', npm_config_port: '0', npm_config_pidfile: join(folder, 'pid') };
  const child = start('server/server.mjs', env, ['--import', LOOPBACK]);
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (part: string) => {
    said += part;
  });
  while (!/:(\d+)\/\n/.test(said)) await once(child.stdout ?? child, 'data');
  return Number(/:(\d+)\/\n/.exec(said)?.[1]);
}

async function run(port: number): Promise<Results> {
  const child = start('cli.mjs', { npm_config_base: `http://127.0.0.1:${port}` });
  return JSON.parse(await text(child.stdout ?? process.stdin)) as Results;
}

/** Ids of one run, and times. */
function normalise(result: Results[string] | undefined): string {
  return JSON.stringify(result ?? null)
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UUID')
    .replace(/127\.0\.0\.1:\d+/g, 'ORIGIN')
    .replace(/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/g, 'DATE');
}

test('every case of http-cache-tests ends as it does without the gateway', { timeout: 120_000 }, async (context) => {
  if (!existsSync(join(SUITE, 'cli.mjs'))) context.skip('needs the package http-cache-tests');
  const origin = await startOrigin();
  const { port } = await startGateway({
    upstreamPort: origin,
    // Many cases are about origins that fail; a breaker would be right to take that for trouble.
    yaml: `  - { id: all, paths: [/], upstream: app }
trustedProxies: [127.0.0.1]
defaults: { breaker: { minimumRequests: 1000000, consecutiveConnectFailures: 10000 } }
`,
  });
  const [direct, through] = await Promise.all([run(origin), run(port)]);
  expect(Object.keys(direct).length).toBeGreaterThan(300);
  expect(Object.keys(through)).toEqual(Object.keys(direct));

  const differing = Object.keys(direct).filter((id) => normalise(direct[id]) !== normalise(through[id]));
  const allowed = Object.values(ALLOWED).flat();
  const unexpected = differing.filter((id) => !allowed.includes(id));
  expect(Object.fromEntries(unexpected.map((id) => [id, { direct: direct[id], through: through[id] }]))).toEqual({});
  // A reason that no longer holds has to go.
  expect(allowed.filter((id) => !differing.includes(id))).toEqual([]);
});
