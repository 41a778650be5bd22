import { expect, test } from 'vitest';
import { startGateway } from './fixture.ts';
import { rawRequests } from './rawRequests.ts';
import { openRawSocket } from './rawSocket.ts';
import { startStrictUpstream } from './strictUpstream.ts';

const findStatuses = (answer: string) =>
  [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

/** Sends, and gives everything that is answered until the connection is closed: by the client after so many answers. */
async function send(port: number, bytes: string, answers: number): Promise<number[]> {
  const raw = await openRawSocket(port);
  raw.send(Buffer.from(bytes, 'latin1'));
  // Closing is an answer too, to be judged below.
  await raw.until((text) => findStatuses(text).length >= answers).catch(() => undefined);
  raw.socket.end();
  return findStatuses(await raw.closed());
}

test('the table is as long as it is said to be', () => {
  expect(rawRequests.length).toBeGreaterThanOrEqual(150);
  expect(new Set(rawRequests.map(([name]) => name)).size).toBe(rawRequests.length);
});

test('each is refused, or reaches the upstream as exactly the requests that it is', { timeout: 60_000 }, async () => {
  const upstream = await startStrictUpstream();
  const { port, admin } = await startGateway({ upstreamPort: upstream.port });
  const wrong: unknown[] = [];
  for (const [name, bytes, outcome] of rawRequests) {
    upstream.requests.length = 0;
    upstream.faults.length = 0;
    const wanted = typeof outcome === 'number' ? [] : outcome;
    const statuses = await send(port, bytes, wanted.length);
    const got = upstream.requests.map(({ method, target, body }) => ({
      method,
      target,
      body: body.toString('latin1'),
    }));
    // Behind the answers to what was forwarded there may be one refusal, and nothing behind that.
    const rest = statuses.slice(wanted.length);
    const isAnswered =
      typeof outcome === 'number'
        ? statuses.join() === String(outcome)
        : statuses.slice(0, wanted.length).every((status) => status === 200) &&
          rest.length <= 1 &&
          rest.every((status) => status >= 400);
    if (!isAnswered || upstream.faults.length > 0 || JSON.stringify(got) !== JSON.stringify(wanted))
      wrong.push({ name, outcome, got, faults: [...upstream.faults], statuses });
  }
  expect(wrong).toEqual([]);
  expect((await fetch(`http://127.0.0.1:${port}/app`)).status).toBe(200);
  expect(await admin('/stats')).toMatchObject({ inFlight: 0 });
});
