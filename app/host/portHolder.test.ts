import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { findPortHolder, listListening } from './portHolder.ts';

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:3D38 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0 100 0 0 10 0
   1: 0100007F:3D38 0100007F:A3C4 01 00000000:00000000 00:00000000 00000000  1000        0 4712 1 0 20 4 30 10 -1
   2: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0 100 0 0 10 0`;

test('only what listens on the port is found, not what is connected to it', () => {
  expect(listListening(table, 15_672)).toEqual(['socket:[4711]']);
  expect(listListening(table, 80)).toEqual(['socket:[4713]']);
  expect(listListening('', 80)).toEqual([]);
});

test.runIf(process.platform === 'linux')('a process of this user is named with its number', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  expect(findPortHolder(port)).toBe(`node (pid ${process.pid})`);
});

test('where there are no such tables nothing is said', () => {
  expect(findPortHolder(80, '/no/such/folder')).toBeUndefined();
});
