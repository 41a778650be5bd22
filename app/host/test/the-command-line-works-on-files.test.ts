import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Explanation, RouteTable } from '../../contract/index.ts';
import { PLATFORM_FOLDER } from '../programs.ts';
import { createRuntimeFolder, runCli, startCli } from './runCli.ts';
import { temporaryFolder } from './startTestHost.ts';

/** Every row of the platform's routing table. */
const ROWS: [gatewayPath: string, upstream: string][] = [
  ['/backend/', 'backend:8000'],
  ['/ai/recommender/', 'recommender:8001'],
  ['/ai/search/', 'search:8002'],
  ['/ai/pricing/', 'pricing:8003'],
  ['/ai/chatbot/', 'chatbot:8004'],
  ['/ai/fraud/', 'fraud:8005'],
  ['/ai/forecasting/', 'forecasting:8006'],
  ['/ai/vision/', 'vision:8007'],
];

async function readJson<T>(args: string[]): Promise<T> {
  const { code, stdout, stderr } = await runCli([...args, '--json'], createRuntimeFolder());
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}

test('explain names route, rewritten path, upstream and every stage', async () => {
  const explanation = await readJson<Explanation>(['explain', 'GET', '/api/ai/search/query/']);
  expect(explanation).toMatchObject({
    route: expect.stringContaining('search'),
    rewrittenPath: '/query/',
    upstream: 'search:8002',
    answer: null,
  });
  const table = await readJson<RouteTable>(['routes']);
  expect(explanation.stages.map(({ stage }) => stage)).toEqual(table.stages);
  for (const { sentence } of explanation.stages) expect(sentence).not.toBe('');
});

test('routes lists every row of the routing table, with and without /api', async () => {
  const table = await readJson<RouteTable>(['routes']);
  const listed = table.routes.flatMap(({ paths, target }) => paths.map((path) => `${path} → ${target}`));
  const expected = ROWS.flatMap(([path, upstream]) =>
    [`${path}*`, `/api${path}*`].map((way) => `${way} → http://${upstream}`),
  );
  expect(listed).toEqual(expect.arrayContaining([...expected, '/api/auth/* → http://backend:8000']));
});

test('the file of a stack is read where one is named', async () => {
  const stack = temporaryFolder();
  const text = readFileSync(join(PLATFORM_FOLDER, 'gateway.yaml'), 'utf8');
  writeFileSync(join(stack, 'gateway.yaml'), text.replaceAll('search:8002', 'finder:9002'));
  const explanation = await readJson<Explanation>(['explain', 'GET', '/ai/search/query/', '--stack', stack]);
  expect(explanation.upstream).toBe('finder:9002');
});

test('a request that would be refused ends with 1 and says why', async () => {
  const { code, stdout } = await runCli(['explain', 'GET', '/nowhere'], createRuntimeFolder());
  expect(code).toBe(1);
  expect(stdout).toMatch(/answer +404/);
});

test('a hostile address cannot steer the terminal', async () => {
  const args = ['explain', 'GET', '/\u001b[2J\u009b1m', '-H', 'x: \u001b]0;owned\u0007'];
  const { stdout, stderr } = await runCli(args, createRuntimeFolder());
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must be gone.
  expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});

test('a configuration that is wrong ends with 1 and file:line:column', async () => {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'gateway.yaml');
  writeFileSync(file, 'version: 1\nupstreams: {}\nroutes: []\nsurprise: 1\n');
  for (const command of [['routes'], ['gateway', '--check']]) {
    const { code, stdout, stderr } = await runCli([...command, '--config', file], createRuntimeFolder());
    expect(code).toBe(1);
    expect(stdout + stderr).toContain(`${file}:4:1`);
  }
});

test('the configuration of the platform passes the check', async () => {
  const { code } = await runCli(
    ['gateway', '--config', join(PLATFORM_FOLDER, 'gateway.yaml'), '--check'],
    createRuntimeFolder(),
  );
  expect(code).toBe(0);
});

test.each<[what: string, args: string[], says: string]>([
  ['a file that is not there', ['routes', '--config', '/nowhere.yaml'], '/nowhere.yaml is not there'],
  ['a method that is none', ['explain', 'G@T', '/'], 'not an HTTP method'],
  ['a header that is none', ['explain', 'GET', '/', '-H', 'nonsense'], "'name: value'"],
  ['an unknown command', ['frobnicate'], "unknown command 'frobnicate'"],
  ['an unknown option', ['routes', '--frob'], "unknown option '--frob'"],
  ['an unknown filter', ['tap', 'colour:red'], 'cannot filter by "colour:red"'],
  ['a port that is none', ['serve', '--port', '99999'], 'from 0 to 65535'],
  ['an engine that is none', ['serve', '--engine', 'podman'], 'Allowed choices are auto, docker, sandbox'],
])('%s is wrong use: 2', async (_what, args, says) => {
  const { code, stderr } = await runCli(args, createRuntimeFolder());
  expect(stderr).toContain(says);
  expect(code).toBe(2);
});

test('a reader that goes away before the end ends a command quietly', async () => {
  const routes = startCli(['routes', '--json'], createRuntimeFolder());
  routes.process.stdout.destroy();
  expect(await routes.result).toMatchObject({ code: 0, stderr: '' });
});

test('help and version end with 0', async () => {
  const help = await runCli(['--help'], createRuntimeFolder());
  expect(help.code).toBe(0);
  expect(help.stdout).toContain('Exit codes:');
  const version = await runCli(['--version'], createRuntimeFolder());
  expect(version).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});
