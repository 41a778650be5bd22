import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { createGateway } from '../gateway.ts';
import { callAdmin } from './adminCalls.ts';
import { startUpstream } from './fixture.ts';
import { ask } from './request.ts';

async function start() {
  const upstream = await startUpstream((req, res) => void req.resume().on('end', () => res.end('taken')));
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  const path = join(folder, 'gateway.yaml');
  const toText = (schema: string) => `version: 1
listen: { host: 127.0.0.1, port: 0 }
upstreams: { app: { url: "http://127.0.0.1:${upstream.port}" } }
routes:
  - { id: app, paths: [/app], upstream: app, validate: [{ methods: [POST], body: { schemaFile: ${schema}.json } }] }
`;
  writeFileSync(join(folder, 'one.json'), '{"required":["one"]}');
  writeFileSync(join(folder, 'two.json'), '{"required":["two"]}');
  writeFileSync(path, toText('one'));
  const gateway = createGateway(loadConfig(toText('one'), path), { configFile: path });
  onTestFinished(async () => {
    await gateway.close({ graceMs: 0 });
    rmSync(folder, { recursive: true });
  });
  const { port } = await gateway.listen();
  const socket = join(folder, 'admin.sock');
  await gateway.adminListen(socket);
  const missing = async () => {
    const headers = { 'content-type': 'application/json' };
    const { body } = await ask(port, '/app', { method: 'POST', headers, body: '{}' });
    return (JSON.parse(body) as { errors: { pointer: string }[] }).errors[0]?.pointer;
  };
  return { gateway, folder, socket, toText, missing };
}

test('a schema that changed is taken over when the configuration is read again, and a bad one is not', async () => {
  const { gateway, folder, missing } = await start();
  expect(await missing()).toBe('/one');
  writeFileSync(join(folder, 'one.json'), '{"required":["changed"]}');
  gateway.reload();
  expect(await missing()).toBe('/changed');
  writeFileSync(join(folder, 'one.json'), '{"type":"text"}');
  expect(() => gateway.reload()).toThrow(/gateway\.yaml:5:\d+: .*schemaFile: the schema is not usable/);
  expect(await missing()).toBe('/changed');
});

test('a configuration that comes through the admin API finds its schemas beside the file too', async () => {
  const { socket, toText, missing } = await start();
  const apply = (body: string) =>
    callAdmin(socket, '/v1/config', { method: 'PUT', body, headers: { 'if-match': '*' } });
  expect((await apply(toText('two'))).status).toBe(200);
  expect(await missing()).toBe('/two');
  const refused = await apply(toText('three'));
  expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('cannot be read: ENOENT')]);
  expect(await missing()).toBe('/two');
});
