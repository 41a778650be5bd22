import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { createGateway } from '../gateway.ts';
import { startGateway, startUpstream } from './fixture.ts';
import { exchangeRaw } from './rawSocket.ts';

function createLogFile() {
  const folder = mkdtempSync(join(tmpdir(), 'access-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'access.log');
}

/** Once that many are there. */
async function linesOf(path: string, count: number): Promise<Record<string, unknown>[]> {
  const read = () => readFileSync(path, 'utf8').split('\n').slice(0, -1);
  await expect.poll(() => read().length).toBe(count);
  return read().map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('each finished exchange is one line with what became of it', async () => {
  const upstream = await startUpstream((_req, res) => void res.writeHead(201).end('made'));
  const path = createLogFile();
  const { port } = await startGateway({
    upstreamPort: upstream.port,
    yaml: `telemetry: { accessLog: { to: ${path} } }`,
  });
  await fetch(`http://127.0.0.1:${port}/app/x?q=blue`, {
    method: 'POST',
    body: 'body',
    headers: { 'user-agent': 'probe' },
  });
  await fetch(`http://127.0.0.1:${port}/nowhere`);
  await fetch(`http://127.0.0.1:${port}/health`);
  const [made, unknown] = await linesOf(path, 2);
  expect(made).toEqual({
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    log: 'access',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    client: '127.0.0.1',
    peer: '127.0.0.1',
    method: 'POST',
    host: '127.0.0.1',
    path: '/app/x?q=[redacted]',
    protocol: 'http/1.1',
    route: 'app',
    upstream: 'app',
    target: `127.0.0.1:${upstream.port}`,
    subject: null,
    tries: 1,
    status: 201,
    code: null,
    aborted: false,
    durationMs: expect.any(Number),
    upstreamMs: expect.any(Number),
    requestBytes: 4,
    responseBytes: 4,
    userAgent: 'probe',
  });
  expect(unknown).toMatchObject({ path: '/nowhere', route: null, tries: 0, status: 404, code: 'no-route' });
});

test('no request can fake a line or act on a terminal', async () => {
  const upstream = await startUpstream((_req, res) => res.end());
  const path = createLogFile();
  const { port } = await startGateway({
    upstreamPort: upstream.port,
    yaml: `telemetry: { accessLog: { to: ${path}, query: kept } }`,
  });
  // A C1 control in the user agent, quotes and an escaped newline in the path.
  const head =
    'GET /app/"},{"x":"%0A?q=%9b1m HTTP/1.1\r\nHost: shop\r\nConnection: close\r\nUser-Agent: \x9b31m\x85\xfc"\\\r\n\r\n';
  await exchangeRaw(port, Buffer.from(head, 'latin1'));
  const [line] = await linesOf(path, 1);
  expect(line).toMatchObject({ userAgent: '\x9b31m\x85\xfc"\\' });
  expect(readFileSync(path)).toSatisfy((bytes: Buffer) =>
    bytes.subarray(0, -1).every((byte) => byte >= 0x20 && byte < 0x7f),
  );
});

test('a file that cannot be written is refused before anything changes', async () => {
  const yaml = (to: string) =>
    `version: 1\nlisten: { host: 127.0.0.1, port: 0 }\nupstreams: { a: { url: "http://a:1" } }\nroutes: [{ id: a, paths: [/], upstream: a }]\ntelemetry: { accessLog: { to: ${to} } }`;
  expect(() => createGateway(loadConfig(yaml('/nowhere/access.log')))).toThrow(/accessLog\.to: \/nowhere is not there/);
  const gateway = createGateway(loadConfig(yaml('stdout')));
  expect(() => gateway.replaceConfig(loadConfig(yaml('/tmp')))).toThrow(/is not a file/);
});

test('the log can be switched off, on and to another file while it runs', async () => {
  const upstream = await startUpstream((_req, res) => res.end('ok'));
  const [one, two] = [createLogFile(), createLogFile()];
  const { gateway, port } = await startGateway({ upstreamPort: upstream.port });
  const toConfig = (section: string) =>
    loadConfig(
      `version: 1\nupstreams: { app: { url: "http://127.0.0.1:${upstream.port}" } }\nroutes: [{ id: app, paths: [/app], upstream: app }]\n${section}`,
    );
  const ask = async (path: string) => void (await (await fetch(`http://127.0.0.1:${port}/app/${path}`)).text());
  await ask('unlogged');
  for (const [to, path] of [
    [one, 'a'],
    [two, 'b'],
  ] as const) {
    gateway.replaceConfig(toConfig(`telemetry: { accessLog: { to: ${to} } }`));
    await ask(path);
  }
  gateway.replaceConfig(toConfig(''));
  await ask('unlogged');
  expect(await linesOf(one, 1)).toMatchObject([{ path: '/app/a' }]);
  expect(await linesOf(two, 1)).toMatchObject([{ path: '/app/b' }]);
});
