import { expect, test } from 'vitest';
import { startHostProcess } from './hostProcess.ts';

const LINE = 'Gatehouse: http://127.0.0.1:7788/#code=ABCD-EFGH';

function run(script: string) {
  return startHostProcess({ node: process.execPath, args: ['-e', script] });
}

test('the address is read from what the host prints, and its stdin ends it', async () => {
  const host = run(
    `console.log('a word before'); console.log('${LINE}'); process.stdin.on('end', () => process.exit(0)).resume()`,
  );
  expect(await host.entryUrl).toBe('http://127.0.0.1:7788/#code=ABCD-EFGH');
  await host.stop();
  await host.ended;
});

test('a host that ends before it is ready is a failure that says so', async () => {
  await expect(run('process.exit(3)').entryUrl).rejects.toThrow('ended with code 3');
});

test('a Node that is not there is a failure that names it', async () => {
  const host = startHostProcess({ node: '/nowhere/node', args: [] });
  await expect(host.entryUrl).rejects.toThrow('/nowhere/node');
  await host.ended;
});

test('a host that does not end is ended by force', async () => {
  const host = run(`console.log('${LINE}'); process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`);
  await host.entryUrl;
  await host.stop();
}, 15_000);
