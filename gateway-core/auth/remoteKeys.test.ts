// The rules of asking, on a clock that the test moves. Real sockets: test/keysAreFetched….test.ts.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { silentLog } from '../server/log.ts';
import type { KeySource } from './keySource.ts';
import { createRemoteKeys } from './remoteKeys.ts';
import type { KeySet } from './verificationKey.ts';

const REFRESH_MS = 60_000;
const STALE_MS = 600_000;

interface Server {
  readonly source: KeySource;
  /** When fetches began. */
  readonly asked: number[];
  at: number;
  /** What the next answers are; an Error is a failure. */
  answer: string | Error;
  /** Holds answers back until it is called. */
  hold(): () => void;
}

function createServer(): Server {
  let gate = Promise.resolve();
  const server = {
    asked: [] as number[],
    at: 0,
    answer: 'first' as string | Error,
    hold() {
      let open = () => {};
      gate = new Promise<void>((resolve) => {
        open = resolve;
      });
      return () => open();
    },
  };
  const source = createRemoteKeys({
    provider: 'p',
    url: 'http://keys',
    refreshMs: REFRESH_MS,
    staleMs: STALE_MS,
    fetch: async () => {
      server.asked.push(server.at);
      await gate;
      if (server.answer instanceof Error) throw server.answer;
      return server.answer;
    },
    parse: (text): KeySet => ({ keys: [], unused: [text] }),
    log: silentLog,
    now: () => server.at,
  });
  return Object.assign(server, { source });
}

const name = async (keys: ReturnType<KeySource['current']>) => (await keys)?.unused[0] ?? null;
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('the first keys are waited for, once for all who wait', async () => {
  const server = createServer();
  const open = server.hold();
  const waiting = Array.from({ length: 100 }, () => server.source.current());
  open();
  expect(await Promise.all(waiting.map(name))).toEqual(Array(100).fill('first'));
  expect(server.asked).toEqual([0]);
});

test('fresh keys are at hand, without a promise', async () => {
  const server = createServer();
  await server.source.current();
  server.at = REFRESH_MS - 1;
  expect(server.source.current()).not.toBeInstanceOf(Promise);
  expect(server.asked).toEqual([0]);
});

test('older ones serve while newer ones are fetched', async () => {
  const server = createServer();
  await server.source.current();
  server.at = REFRESH_MS;
  server.answer = 'second';
  expect(server.source.current()).toMatchObject({ unused: ['first'] });
  await settle();
  expect(server.source.current()).toMatchObject({ unused: ['second'] });
  expect(server.asked).toEqual([0, REFRESH_MS]);
});

test('after hours without a request the answer is waited for: a key may be revoked', async () => {
  const server = createServer();
  await server.source.current();
  server.at = 2 * REFRESH_MS;
  server.answer = 'second';
  expect(await name(server.source.current())).toBe('second');
});

test('when they cannot be had the old ones serve, until they are too old', async () => {
  const server = createServer();
  const first = await server.source.current();
  server.answer = new Error('down');
  for (server.at = REFRESH_MS; server.at < STALE_MS; server.at += 5_000) {
    expect(await server.source.current()).toBe(first);
    await settle();
  }
  server.at = STALE_MS;
  expect(await server.source.current()).toBeNull();
  expect(server.source.status()).toMatchObject({ failure: 'down', keys: 0 });
});

test('after a failure it is asked again after 1, 2, 4 … 60 s, and whoever comes between is told at once', async () => {
  const server = createServer();
  server.answer = new Error('down');
  for (server.at = 0; server.at <= 200_000; server.at += 500) {
    const keys = server.source.current();
    if (!server.asked.includes(server.at)) expect(keys).toBeNull();
    expect(await keys).toBeNull();
  }
  expect(server.asked).toEqual([0, 1_000, 3_000, 7_000, 15_000, 31_000, 63_000, 123_000, 183_000]);
});

test('the same answer is the same set, so that verified tokens stay verified', async () => {
  const server = createServer();
  const first = await server.source.current();
  server.at = 2 * REFRESH_MS;
  expect(await server.source.current()).toBe(first);
  expect(server.asked).toHaveLength(2);
});

test('an answer without usable keys leaves the old ones in force', async () => {
  const server = createServer();
  const source = createRemoteKeys({
    ...{ provider: 'p', url: 'http://keys', refreshMs: REFRESH_MS, staleMs: STALE_MS, log: silentLog },
    fetch: async () => String(server.answer),
    parse: (text) => {
      if (text === 'bad') throw new Error('it has no key that can be used');
      return { keys: [], unused: [text] };
    },
    now: () => server.at,
  });
  await source.current();
  server.at = 2 * REFRESH_MS;
  server.answer = 'bad';
  expect(await name(source.current())).toBe('first');
  expect(source.status().failure).toBe('it has no key that can be used');
});

test('an unknown key makes it ask, and who waits gets the newer keys', async () => {
  const server = createServer();
  const known = (await server.source.current()) as KeySet;
  server.at = 15_000;
  server.answer = 'rotated';
  const open = server.hold();
  const waiting = Array.from({ length: 50 }, () => server.source.renew(known));
  open();
  expect(await Promise.all(waiting.map(name))).toEqual(Array(50).fill('rotated'));
  expect(server.asked).toEqual([0, 15_000]);
  // Somebody who still has the old ones in hand is given the newer without another question.
  expect(server.source.renew(known)).toMatchObject({ unused: ['rotated'] });
});

test('an unknown key within 15 s of the last question is unknown, at once', async () => {
  const server = createServer();
  const known = (await server.source.current()) as KeySet;
  server.at = 14_999;
  expect(server.source.renew(known)).toBeNull();
});

test('whatever callers send, the server is asked at most four times a minute while it answers', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(20_000), { minLength: 50, maxLength: 200 }), async (steps) => {
      const server = createServer();
      for (const step of steps) {
        server.at += step;
        const keys = await server.source.current();
        if (keys) await server.source.renew(keys);
      }
      for (const start of server.asked)
        expect(server.asked.filter((at) => at >= start && at < start + 60_000).length).toBeLessThanOrEqual(4);
    }),
    { numRuns: 50 },
  );
});

test('once closed it asks nobody', async () => {
  const server = createServer();
  server.source.close();
  expect(await server.source.current()).toBeNull();
  expect(server.asked).toEqual([]);
});
