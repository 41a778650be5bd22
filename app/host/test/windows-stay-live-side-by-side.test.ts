import { expect, test, vi } from 'vitest';
import { closeOf, openClient, openSession, openSocket, startTestHost } from './startTestHost.ts';
import { createTickingHandlers } from './tickingHandlers.ts';

const INPUT = { environment: 'sandbox~shop-platform' };

test('two windows with twenty subscriptions each are all live, and requests pass between them', async () => {
  const ticking = createTickingHandlers();
  const host = await startTestHost(ticking.handlers);
  const counts: number[] = Array.from({ length: 40 }, () => 0);
  const windows = [openClient(host, openSession(host)), openClient(host, openSession(host))];
  windows.forEach((window, w) => {
    for (let i = 0; i < 20; i++) {
      window.api.logs.follow.subscribe(INPUT, { onData: () => (counts[w * 20 + i] = (counts[w * 20 + i] ?? 0) + 1) });
    }
  });
  await vi.waitFor(() => expect(Math.min(...counts)).toBeGreaterThanOrEqual(10), { timeout: 10_000 });
  expect(ticking.openCount()).toBe(40);
  await Promise.all(windows.map((window) => window.api.host.info.query()));
  expect((await fetch(`${host.url}/healthz`)).status).toBe(200);

  // One window leaves: its twenty end, the others go on.
  await windows[0]?.close();
  await vi.waitFor(() => expect(ticking.openCount()).toBe(20));
  const before = counts.slice(20);
  await vi.waitFor(() => expect(counts.slice(20).every((count, i) => count > (before[i] ?? 0))).toBe(true));
});

test('a viewer that does not read is closed, said in the log, and the others stay live', async () => {
  const unreadable = { service: '', container: '', reason: 'x'.repeat(256 * 1024) };
  const flood = createTickingHandlers({
    logs: {
      async *follow(_input, { signal }) {
        for (let i = 0; !signal.aborted; i++) {
          yield { lines: [], skipped: i, reach: null, away: null, unreadable: [unreadable] };
          await new Promise((resolve) => setImmediate(resolve));
        }
      },
    },
  });
  const host = await startTestHost(flood.handlers);
  const slow = openSocket(host);
  const closed = closeOf(slow);
  slow.on('open', () => {
    slow.send(JSON.stringify({ method: 'connectionParams', data: { token: openSession(host) } }));
    slow.send(JSON.stringify({ id: 1, method: 'subscription', params: { path: 'logs.follow', input: INPUT } }));
    slow.pause();
  });
  await vi.waitFor(() => expect(host.log.join('')).toContain('slow viewer closed'), { timeout: 10_000 });
  const { api } = openClient(host, openSession(host));
  expect(await api.host.info.query()).toBeUndefined();
  slow.resume();
  // 4408 when it still comes to read the close frame, 1006 when it was cut off before.
  expect([4408, 1006]).toContain((await closed).code);
});

test('a window that vanishes without a word frees its subscriptions', async () => {
  const ticking = createTickingHandlers();
  const host = await startTestHost(ticking.handlers, { pingMs: 100 });
  const socket = openSocket(host);
  socket.on('open', () => {
    socket.send(JSON.stringify({ method: 'connectionParams', data: { token: openSession(host) } }));
    socket.send(JSON.stringify({ id: 1, method: 'subscription', params: { path: 'logs.follow', input: INPUT } }));
  });
  await vi.waitFor(() => expect(ticking.openCount()).toBe(1));
  // No pong any more, as from a laptop whose lid was closed.
  socket.pause();
  await vi.waitFor(() => expect(ticking.openCount()).toBe(0), { timeout: 5000 });
});

test('the end of the host closes every window and frees the port', async () => {
  const ticking = createTickingHandlers();
  const host = await startTestHost(ticking.handlers);
  const socket = openSocket(host);
  const closed = closeOf(socket);
  socket.on('open', () => {
    socket.send(JSON.stringify({ method: 'connectionParams', data: { token: openSession(host) } }));
    socket.send(JSON.stringify({ id: 1, method: 'subscription', params: { path: 'logs.follow', input: INPUT } }));
  });
  await vi.waitFor(() => expect(ticking.openCount()).toBe(1));
  await host.close();
  expect((await closed).code).toBe(1001);
  await vi.waitFor(() => expect(ticking.openCount()).toBe(0));
  await expect(fetch(host.url)).rejects.toThrow();
});
