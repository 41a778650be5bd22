import { expect, test } from 'vitest';
import { startHostProcess } from './hostProcess.ts';

const LINE = 'Gatehouse: http://127.0.0.1:7788/#code=ABCD-EFGH';
const STAY = 'setInterval(() => {}, 1000)';

function run(script: string, readyWithinMs = 10_000) {
  const written: Buffer[] = [];
  const command = { node: process.execPath, args: ['-e', script] };
  const host = startHostProcess({ command, onStderr: (chunk) => written.push(chunk), readyWithinMs });
  return { ...host, stderr: () => Buffer.concat(written).toString() };
}

test('the address is read from what the host prints', async () => {
  const host = run(`console.log('a word before'); console.log('${LINE}'); ${STAY}`);
  expect(await host.entryUrl).toBe('http://127.0.0.1:7788/#code=ABCD-EFGH');
  await host.stop();
  expect(await host.ended).toMatchObject({ signal: 'SIGTERM' });
});

test('the end of its stdin ends it too, where there are no signals', async () => {
  const host = run(
    `process.on('SIGTERM', () => {}); process.stdin.on('end', () => process.exit(7)).resume(); console.log('${LINE}'); ${STAY}`,
  );
  await host.entryUrl;
  await host.stop();
  expect(await host.ended).toMatchObject({ code: 7 });
});

test('a host that ends before it is ready has no address, but its code and its last words', async () => {
  const host = run("process.stderr.write('the reason\\n'); process.exitCode = 3");
  expect(await host.entryUrl).toBeUndefined();
  expect(await host.ended).toEqual({ code: 3, signal: null });
  expect(host.stderr()).toBe('the reason\n');
});

test('a Node that is not there is named', async () => {
  const host = startHostProcess({ command: { node: '/nowhere/node', args: [] }, onStderr: () => undefined });
  expect(await host.entryUrl).toBeUndefined();
  expect((await host.ended).spawnError).toContain('cannot run /nowhere/node');
  await host.stop();
});

test('a host that says nothing in time is ended', async () => {
  const host = run(STAY, 200);
  expect(await host.entryUrl).toBeUndefined();
  expect(await host.ended).toMatchObject({ signal: 'SIGKILL' });
});

test('a host that does not end is ended by force', async () => {
  const host = run(`process.on('SIGTERM', () => {}); console.log('${LINE}'); ${STAY}`);
  await host.entryUrl;
  const began = performance.now();
  await host.stop();
  expect(performance.now() - began).toBeGreaterThan(3000);
  expect(await host.ended).toMatchObject({ signal: 'SIGKILL' });
});
