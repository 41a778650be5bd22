// Backend and gateway as the real processes that they are: what one signs the other has to believe, and the other way round.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { programs } from '../../../../scripts/programs.mjs';
import { startService } from './serviceProcess.ts';

const SECRET = 'a secret of the tests, of 32 bytes';

async function startShop() {
  const folder = mkdtempSync(join(tmpdir(), 'shop-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const secret = join(folder, 'secret');
  writeFileSync(secret, SECRET);
  const service = startService(['backend'], {
    GATEHOUSE_PORTS: '{"8000":"127.0.0.1:0"}',
    GATEHOUSE_IDENTITY: 'enforce',
    GATEHOUSE_IDENTITY_FILE: secret,
  });
  onTestFinished(() => service.stop().then(() => {}));
  const { address } = await service.line((line) => line.address !== undefined);
  const config = join(folder, 'gateway.yaml');
  writeFileSync(
    config,
    `version: 1
listen: { host: 127.0.0.1, port: 0 }
upstreams: { backend: { url: "http://${address}" } }
routes:
  - { id: auth, paths: [/auth], upstream: backend, auth: { provider: shop, anonymous: { paths: [/auth/login, /auth/refresh] } } }
  - { id: admin, paths: [/admin], upstream: backend, auth: { provider: shop, scopes: { all: [admin] } } }
  - { id: api, paths: [/api], upstream: backend, auth: { provider: shop, required: false } }
auth:
  providers:
    shop:
      issuer: shop-platform
      audiences: [shop]
      algorithms: [EdDSA]
      keys: { jwksUrl: "http://${address}/auth/jwks.json" }
  identity: { signed: { secretFile: "${secret}" } }
`,
  );
  return { gateway: await startGateway(config), direct: `http://${address}` };
}

async function startGateway(config: string): Promise<string> {
  const child = spawn(process.execPath, [programs.gateway, '--config', config], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  let output = '';
  const port = new Promise<number>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const line = output.split('\n').find((whole) => whole.includes('"msg":"listening"') && whole.endsWith('}'));
      if (line) resolve((JSON.parse(line) as { port: number }).port);
    });
  });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`the gateway ended: ${output}`)));
  return `http://127.0.0.1:${await Promise.race([port, ended])}`;
}

async function post(url: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body), headers });
  return { status: response.status, json: (await response.json()) as Record<string, string> };
}

test('a customer signs in, is known to the backend by the gateway, and orders; nobody else is', {
  timeout: 60_000,
}, async () => {
  const { gateway, direct } = await startShop();
  const { json } = await post(`${gateway}/auth/login/`, { username: 'demo', password: 'demo' });
  const headers = { authorization: `Bearer ${json.token}` };

  const me = await fetch(`${gateway}/auth/me/`, { headers });
  expect(await me.json()).toMatchObject({ username: 'demo' });
  const ordered = await post(`${gateway}/api/orders/`, { items: [{ productId: 2 }] }, headers);
  expect(ordered).toMatchObject({ status: 201, json: { status: 'received' } });
  expect((await fetch(`${gateway}/admin/`, { headers })).status, 'without the scope').toBe(403);

  expect((await post(`${gateway}/api/orders/`, { items: [{ productId: 2 }] })).status, 'without a token').toBe(401);
  expect((await fetch(`${direct}/auth/me/`, { headers })).status, 'past the gateway').toBe(403);
  const forged = { authorization: `Bearer ${String(json.token).slice(0, -4)}AAAA` };
  expect((await fetch(`${gateway}/auth/me/`, { headers: forged })).status).toBe(401);

  const renewed = await post(`${gateway}/auth/refresh/`, { refreshToken: json.refreshToken });
  const next = { authorization: `Bearer ${renewed.json.token}` };
  expect((await fetch(`${gateway}/auth/me/`, { headers: next })).status).toBe(200);
});
