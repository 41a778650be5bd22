// The composition as `serve` makes it, on a real sandbox.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { programs } from '../../../scripts/programs.mjs';
import type { TimelineBatch } from '../../contract/index.ts';
import { createComposition } from '../composition.ts';
import { findPrograms } from '../programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'gh-'));
const compose = (readOnly: boolean) =>
  createComposition({
    engineChoice: 'sandbox',
    stackFolder: null,
    readOnly,
    runtimeFolder: join(folder, readOnly ? 'read' : 'run'),
    stateFolder: join(folder, 'state'),
    programs: {
      ...findPrograms(),
      host: [programs.gatehouse],
      gateway: [programs.gateway],
      service: [programs.service],
    },
  });
const composition = await compose(false);
const { handlers } = composition;
const call = { signal: new AbortController().signal, caller: 'console' };
const environment = 'sandbox~shop-platform';
const everywhere = { environment: null, before: null, limit: 100 };

beforeAll(() => handlers.sandbox.start(undefined, call), 90_000);
afterAll(async () => {
  await composition.close();
  rmSync(folder, { recursive: true, force: true });
}, 30_000);

async function timelineWith(fits: (seen: TimelineBatch['entries']) => boolean): Promise<TimelineBatch['entries']> {
  const leaving = new AbortController();
  const seen: TimelineBatch['entries'] = [];
  const kinds = ['engine', 'breaker', 'operator'] as const;
  for await (const { entries } of handlers.timeline.watch(
    { environment, kinds: [...kinds], limit: 100 },
    { signal: leaving.signal },
  )) {
    seen.push(...entries);
    if (fits(seen)) break;
  }
  leaving.abort();
  return seen;
}

test('the start of the sandbox stands in the audit log, with who did it and every call to its engine', async () => {
  const { entries, history } = await handlers.audit.list(everywhere, call);
  expect(history.state).toBe('kept');
  const started = entries.find(({ operation }) => operation === 'sandbox.start');
  expect(started).toMatchObject({ outcome: 'done', caller: 'console', environment: null, class: 'change' });
  const detail = await handlers.audit.detail({ id: started?.id ?? '' }, call);
  const created = detail.engineCalls.filter(({ path }) => path.includes('/containers/create?name='));
  expect(created.length).toBeGreaterThanOrEqual(20);
  expect(new Set(created.map(({ method, status }) => `${method} ${status}`))).toEqual(new Set(['POST 201']));
  // What the host looks at all the time is not the operation's doing.
  expect(detail.engineCalls.filter(({ path }) => path.includes('/events'))).toEqual([]);
});

test('what happens while somebody watches is kept, and shown beside what was done', async () => {
  const frame = handlers.environment.watch({ environment }, call)[Symbol.asyncIterator]();
  await frame.next();
  await handlers.demo.start({ environment, requestsPerSecond: 5, seconds: 30 }, call);
  await handlers.environment.unlock({ environment, reason: 'to see it', minutes: 1 }, call);
  const seen = await timelineWith((entries) => entries.some(({ subject }) => subject === 'environment.unlock'));
  expect(seen.map(({ subject }) => subject)).toEqual(expect.arrayContaining(['demo.start', 'sandbox.start']));
  await frame.return?.();
});

test('with an unlock in force its reason stands beside each action', async () => {
  await handlers.environment.unlock({ environment, reason: 'incident 12', minutes: 1 }, call);
  await handlers.demo.stop({ environment }, call);
  const { entries } = await handlers.audit.list({ ...everywhere, environment }, call);
  expect(entries.find(({ operation }) => operation === 'demo.stop')).toMatchObject({ unlockReason: 'incident 12' });
});

test('a tighter guard is set at once, a looser one needs an unlock, and the frame shows name, colour and guard', async () => {
  const place = { environment: 'sandbox~other' };
  const set = (change: { guard?: 'readOnly' | 'open'; name?: string }) =>
    handlers.environment.configure({ ...place, ...change }, call);
  await set({ guard: 'readOnly', name: 'Mine' });
  await expect(set({ guard: 'open' })).rejects.toMatchObject({ code: 'read-only' });
  await expect(handlers.demo.stop(place, call)).rejects.toMatchObject({ code: 'read-only' });
  await handlers.environment.unlock({ ...place, reason: 'to loosen it', minutes: 1 }, call);
  await expect(handlers.demo.stop(place, call)).rejects.toMatchObject({ code: 'read-only' });
  await set({ guard: 'open' });
  for await (const { name, colour, guard } of handlers.environment.watch(place, call)) {
    if (guard === 'readOnly') continue;
    expect({ name, colour, guard }).toEqual({ name: 'Mine', colour: expect.any(String), guard: 'open' });
    break;
  }
});

test('a read-only host refuses, and its refusals stand in the same log', async () => {
  const second = await compose(true);
  try {
    await expect(second.handlers.sandbox.start(undefined, call)).rejects.toMatchObject({ code: 'read-only' });
    await expect(second.handlers.environment.configure({ environment, guard: 'open' }, call)).rejects.toMatchObject({
      code: 'read-only',
    });
  } finally {
    await second.close();
  }
  const { entries } = await handlers.audit.list(everywhere, call);
  expect(entries.slice(0, 2)).toMatchObject([
    { operation: 'environment.configure', outcome: 'refused' },
    { operation: 'sandbox.start', outcome: 'refused', guard: 'readOnly' },
  ]);
});
