import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createCallers, parseIdentityMode } from './callers.ts';
import { createMetrics } from './metrics.ts';

test.each([
  [undefined, undefined, 'off'],
  [undefined, '/keys', 'enforce'],
  ['enforce', '/keys', 'enforce'],
  ['observe', '/keys', 'observe'],
])('GATEHOUSE_IDENTITY=%s with keys in %s is %s', (text, path, expected) => {
  expect(parseIdentityMode(text, path)).toBe(expected);
});

test.each([
  ['enforce', undefined, 'without keys; name them in GATEHOUSE_IDENTITY_FILE'],
  ['observe', undefined, 'without keys'],
  ['off', '/keys', 'use enforce or observe'],
])('GATEHOUSE_IDENTITY=%s with keys in %s is refused', (text, path, message) => {
  expect(() => parseIdentityMode(text, path)).toThrow(message);
});

/** A request as Node hands it to a service. */
async function receive(headers: Record<string, string>): Promise<IncomingMessage> {
  const { promise, resolve } = Promise.withResolvers<IncomingMessage>();
  const server = createServer((incoming, response) => {
    resolve(incoming);
    response.end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  request({ port: (server.address() as AddressInfo).port, agent: false, headers }, (answer) => answer.resume()).end();
  return promise;
}

async function decide(mode: string | undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'callers-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'keys');
  writeFileSync(path, 's'.repeat(32));
  const metrics = createMetrics('search');
  const files = mode === undefined ? {} : { GATEHOUSE_IDENTITY: mode, GATEHOUSE_IDENTITY_FILE: path };
  const decision = createCallers(files, metrics).identify(
    await receive({ 'x-gatehouse-identity': 'forged' }),
    'search',
  );
  const text = await metrics.registry.metrics();
  return { decision, counted: /gateway_signature_checks_total\{.*result="(\w+)".*\} 1/.exec(text)?.[1] };
}

test('enforcing, a signature that does not count is refused, and the caller is not told why', async () => {
  const { decision, counted } = await decide('enforce');
  expect(decision).toMatchObject({ kind: 'refused', fault: 'its signature is not a compact JWS' });
  expect(decision.kind === 'refused' && decision.reply).toMatchObject({
    status: 403,
    body: { code: 'not-through-gateway' },
  });
  expect(JSON.stringify(decision.kind === 'refused' && decision.reply)).not.toContain('JWS');
  expect(counted).toBe('refused');
});

test('observing, it is served as anonymous, with the reason for the log, and counted', async () => {
  const { decision, counted } = await decide('observe');
  expect(decision).toEqual({
    kind: 'served',
    caller: { kind: 'anonymous' },
    fault: 'its signature is not a compact JWS',
  });
  expect(counted).toBe('missed');
});

test('without keys everybody is anonymous, whatever a request says', async () => {
  const { decision, counted } = await decide(undefined);
  expect(decision).toEqual({ kind: 'served', caller: { kind: 'anonymous' } });
  expect(counted).toBeUndefined();
});
