import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { createEngine } from './engine.ts';

const NAME = 'shop_default';
const listed = (id: string, Created: string, Name = NAME) => ({ Id: id.repeat(64), Name, Created });

/** An engine that has several networks of one name, as dockerd answers then. `used` has a container. */
async function startEngine(networks: ReturnType<typeof listed>[], used: string) {
  const path = join(temporaryFolder(), 'e.sock');
  const server = createServer(({ url = '' }, answer) => {
    const { pathname } = new URL(url, 'http://engine');
    const one = networks.find(({ Id }) => pathname.endsWith(`/networks/${Id}`));
    answer.setHeader('Api-Version', '1.47').setHeader('Content-Type', 'application/json');
    if (pathname.endsWith(`/networks/${NAME}`)) {
      answer
        .writeHead(400)
        .end(JSON.stringify({ message: `2 matches found based on name: network ${NAME} is ambiguous` }));
    } else if (one) {
      answer.end(JSON.stringify({ ...one, Containers: one.Id.startsWith(used) ? { c: { Name: 'a' } } : {} }));
    } else answer.end(JSON.stringify(networks));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const engine = createEngine({ kind: 'socket', path });
  onTestFinished(() => {
    engine.close();
    server.close();
  });
  return engine;
}

test('of networks of one name, the one with containers is meant, and the idle ones are its doubles', async () => {
  const engine = await startEngine(
    [
      listed('a', '2026-01-02T00:00:00Z'),
      listed('b', '2026-01-01T00:00:00Z'),
      listed('c', '2025-01-01T00:00:00Z', 'shop'),
    ],
    'a',
  );
  expect(await engine.stack.networks.inspect(NAME)).toMatchObject({
    id: 'a'.repeat(64),
    doubles: ['b'.repeat(64)],
  });
});

test('where all are idle, the oldest is meant', async () => {
  const engine = await startEngine([listed('a', '2026-01-02T00:00:00Z'), listed('b', '2026-01-01T00:00:00Z')], 'none');
  expect(await engine.stack.networks.inspect(NAME)).toMatchObject({ id: 'b'.repeat(64), doubles: ['a'.repeat(64)] });
});
