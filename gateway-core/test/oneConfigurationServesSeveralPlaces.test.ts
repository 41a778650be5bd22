import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { callAdmin } from './adminCalls.ts';
import { eventually, startUpstream } from './fixture.ts';
import { PROGRAM_TEST_MS, portOf, startProgram, toYaml } from './program.ts';
import { needsRedis, startRedis } from './redisServer.ts';
import { writeTestFile } from './securedGateway.ts';

const toPem = () => String(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
const toKeyId = (field: unknown) =>
  (JSON.parse(Buffer.from(String(field).split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid;

test(
  'a key of the surroundings signs where the configuration names none, over a change of the configuration too',
  async () => {
    const fields: unknown[] = [];
    const upstream = await startUpstream((req, res) => {
      fields.push(req.headers['x-gatehouse-identity']);
      res.end();
    });
    const yaml = toYaml(`http://127.0.0.1:${upstream.port}`);
    const key = writeTestFile('key.pem', toPem());
    const program = startProgram(yaml, ['--listen', '127.0.0.1:0'], { GATEHOUSE_IDENTITY_KEY_FILE: key });
    const port = await portOf(program);
    await fetch(`http://127.0.0.1:${port}/app`);
    writeFileSync(join(program.folder, 'gateway.yaml'), yaml.replace('id: app', 'id: renamed'));
    program.child.kill('SIGHUP');
    await eventually(() => program.output().includes('configuration replaced'));
    await fetch(`http://127.0.0.1:${port}/app`);

    const own = writeTestFile('key.pem', toPem());
    const named = `${yaml.replace('id: app', 'id: other')}auth: { identity: { signed: { privateKeyFile: "${own}" } } }\n`;
    writeFileSync(join(program.folder, 'gateway.yaml'), named);
    program.child.kill('SIGHUP');
    await eventually(() => program.output().split('configuration replaced').length === 3);
    await fetch(`http://127.0.0.1:${port}/app`);
    const [first, second, third] = fields.map(toKeyId);
    expect(first).toMatch(/^[\w-]{11}$/);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  },
  PROGRAM_TEST_MS,
);

test(
  'limits are counted in the Redis of the surroundings, with the password of its file',
  async (context) => {
    needsRedis(context);
    const redis = await startRedis(['--requirepass', 'pass-of-a-test']);
    const limits = 'limits: { policies: { a: { by: [ip], rate: 5 } } }\ndefaults: { limits: [a] }\n';
    const program = startProgram(`${toYaml('http://127.0.0.1:9')}${limits}`, [
      ...['--listen', '127.0.0.1:0', '--admin-socket', 'FOLDER/admin.sock', '--limits-redis', redis.url],
      ...['--limits-redis-password', writeTestFile('password', 'pass-of-a-test\n')],
    ]);
    await portOf(program);
    const view = async () =>
      (await callAdmin(join(program.folder, 'admin.sock'), '/v1/limits')).json() as { store: { state: string } };
    await expect.poll(async () => (await view()).store.state, { timeout: 10_000 }).toBe('shared');
  },
  PROGRAM_TEST_MS,
);

test.each([
  ['--identity-key', '/nowhere/key.pem', /nowhere\/key\.pem is not usable: ENOENT/],
  ['--limits-redis', 'http://redis:6379', /"http:" is not the address of a Redis/],
])(
  '%s %s ends the program, and --check says so too',
  async (option, value, reason) => {
    for (const more of [['--listen', '127.0.0.1:0'], ['--check']]) {
      const program = startProgram(toYaml('http://127.0.0.1:9'), [option, value, ...more]);
      expect(await once(program.child, 'exit')).toEqual([1, null]);
      expect(program.errors()).toMatch(reason);
    }
  },
  PROGRAM_TEST_MS,
);
