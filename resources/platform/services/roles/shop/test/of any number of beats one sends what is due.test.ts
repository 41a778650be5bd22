import { describe, expect, test } from 'vitest';
import { migrate } from '../../../stores/databaseMigrations.ts';
import { createTestDatabases, ENGINES, type Engine } from '../../../stores/test/testDatabases.ts';
import { sendDue } from '../beat.ts';
import { MIGRATIONS } from '../tables.ts';

const databases = createTestDatabases();
const SCHEDULES = [
  { task: 'often', everyMs: 1_000 },
  { task: 'rarely', everyMs: 60_000, payload: { check: true } },
];
const NOON = Date.parse('2026-06-30T12:00:00.250Z');

async function open(engine: Engine) {
  const opened = await databases.open(engine);
  await migrate(opened.first, MIGRATIONS);
  return opened;
}

describe.each(ENGINES)('%s', { timeout: 60_000 }, (engine) => {
  test('at each moment, whoever looks first', async (context) => {
    databases.needs(engine, context);
    const { first, another } = await open(engine);
    const beats = [first, await another(), await another()];
    const look = async (now: number) => {
      const sent = await Promise.all(beats.map((beat) => sendDue(beat, { schedules: SCHEDULES, now })));
      await first.query('delete from outbox');
      return sent.flat().toSorted();
    };
    expect(await look(NOON)).toEqual(['often', 'rarely']);
    expect(await look(NOON + 500)).toEqual([]);
    expect(await look(NOON + 750)).toEqual(['often']);
    expect(await look(NOON + 750), 'after a restart').toEqual([]);
    expect(await look(NOON + 59_750)).toEqual(['often', 'rarely']);
  });

  test('what was missed comes once, and not again while it waits', async (context) => {
    databases.needs(engine, context);
    const { first } = await open(engine);
    await sendDue(first, { schedules: SCHEDULES, now: NOON });
    expect(await sendDue(first, { schedules: SCHEDULES, now: NOON + 3_600_000 })).toEqual([]);
    const waiting = await first.query('select task, payload from outbox order by task');
    expect(waiting).toEqual([
      { task: 'often', payload: '{}' },
      { task: 'rarely', payload: '{"check":true}' },
    ]);
    await first.query('delete from outbox');
    expect(await sendDue(first, { schedules: SCHEDULES, now: NOON + 7_200_000 })).toEqual(['often', 'rarely']);
  });
});
