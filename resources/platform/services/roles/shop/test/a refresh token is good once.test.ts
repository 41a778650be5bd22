import { describe, expect, test } from 'vitest';
import { createTestDatabases, ENGINES } from '../../../stores/test/testDatabases.ts';
import { closeSession, openSession, renewSession } from '../sessions.ts';
import { sow } from './shopFixture.ts';

const databases = createTestDatabases();
const HOUR_MS = 3_600_000;

describe.each(ENGINES)('%s', { timeout: 60_000 }, (engine) => {
  test('gives way to the next, and its second use ends the whole session', async (context) => {
    databases.needs(engine, context);
    const { first } = await databases.open(engine);
    await sow(first);
    const one = await openSession(first, 1);
    const other = await openSession(first, 1);
    const two = await renewSession(first, one);
    expect(two).toMatchObject({ kind: 'renewed', customerId: 1 });
    const refreshToken = two.kind === 'renewed' ? two.refreshToken : '';
    expect(await renewSession(first, one)).toEqual({ kind: 'reused' });
    expect(await renewSession(first, refreshToken)).toEqual({ kind: 'unknown' });
    expect(await renewSession(first, other), 'another sign-in goes on').toMatchObject({ kind: 'renewed' });
  });

  test('used twice at once is renewed once', async (context) => {
    databases.needs(engine, context);
    const { first, another } = await databases.open(engine);
    await sow(first);
    const token = await openSession(first, 1);
    const renewals = await Promise.all([renewSession(first, token), renewSession(await another(), token)]);
    expect(renewals.map(({ kind }) => kind).toSorted()).toEqual(['renewed', 'reused']);
  });

  test('ends with the sign-out, and a week after the sign-in, however often it was renewed', async (context) => {
    databases.needs(engine, context);
    const { first } = await databases.open(engine);
    await sow(first);
    const closed = await openSession(first, 1);
    await closeSession(first, closed);
    expect(await renewSession(first, closed)).toEqual({ kind: 'unknown' });

    const start = Date.now();
    const at = (hours: number) => new Date(start + hours * HOUR_MS);
    let token = await openSession(first, 1, at(0));
    for (const hours of [60, 120, 167]) {
      const renewal = await renewSession(first, token, at(hours));
      token = renewal.kind === 'renewed' ? renewal.refreshToken : '';
    }
    expect(await renewSession(first, token, at(168))).toEqual({ kind: 'unknown' });
  });

  test('stands nowhere in the database', async (context) => {
    databases.needs(engine, context);
    const { first } = await databases.open(engine);
    await sow(first);
    const token = await openSession(first, 1);
    expect(JSON.stringify(await first.query('select * from sessions'))).not.toContain(token);
  });
});
