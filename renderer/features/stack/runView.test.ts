import { expect, test } from 'vitest';
import { at, sampleProgress, sampleRun } from './planSample.ts';
import { wishFor } from './planWish.ts';
import { sayResult, sayRun, toRest, toRunView } from './runView.ts';

test('what failed comes first, then what is worked on, what waits, and what is done, the newest first', () => {
  const view = toRunView(
    sampleRun({
      steps: [
        sampleProgress('network shop_default', { state: 'done', at }),
        sampleProgress('container shop-db-1', { state: 'done', at: at + 5 }),
        sampleProgress('container shop-a-1', { state: 'waiting', detail: 'db: healthy, 4 s' }),
        sampleProgress('container shop-b-1', { state: 'running', detail: 'creating' }),
        sampleProgress('container shop-c-1', { state: 'failed', detail: 'port 80 is taken' }),
      ],
    }),
  );
  expect(view.items.map(({ name, words, level }) => `${level} ${name}: ${words}`)).toEqual([
    'down shop-c-1: port 80 is taken',
    'unknown shop-b-1: creating',
    'unknown shop-a-1: waits for db: healthy, 4 s',
    'ok shop-db-1: done',
    'ok shop_default: done',
  ]);
  expect([view.done, view.total, view.state]).toEqual([2, 5, 'running']);
});

test('a cancel is told apart from its end', () => {
  const cancelling = sampleRun({ isCancelled: true });
  expect(toRunView(cancelling).state).toBe('cancelling');
  const result = { outcome: 'cancelled', steps: [], problems: [], remarks: [], startedAt: at, endedAt: at } as const;
  expect(toRunView({ ...cancelling, result: { ...result, steps: [], problems: [], remarks: [] } }).state).toBe(
    'cancelled',
  );
});

test('a name that is no step of ours is shown as it is', () => {
  expect(toRunView(sampleRun({ steps: [sampleProgress('odd')] })).items[0]).toMatchObject({
    resource: '',
    name: 'odd',
  });
});

test('the result counts what was not done too', () => {
  const run = sampleRun({
    steps: [
      sampleProgress('container a', { state: 'done' }),
      sampleProgress('container b', { state: 'failed' }),
      sampleProgress('container c', { state: 'skipped' }),
    ],
    result: { outcome: 'failed', steps: [], problems: [], remarks: [], startedAt: at, endedAt: at + 41_400 },
  });
  expect(sayResult(run)).toBe('1 of 3 steps done, 1 failed, 1 not begun, in 41 s');
});

test.each([
  [{ verb: 'switch', mode: 'prod' }, 'Switch shop to prod', wishFor('switch', { mode: 'prod' })],
  [{ verb: 'down', mode: null }, 'Take down shop', wishFor('down')],
  [{ verb: 'up', mode: 'dev' }, 'Bring up shop', wishFor('up', { mode: 'dev' })],
  [{ verb: 'restart', mode: null }, 'Restart shop', wishFor('up')],
] as const)('%j is named, and what is left of it planned', (parts, title, rest) => {
  const run = sampleRun(parts);
  expect(sayRun(run)).toBe(title);
  expect(toRest(run)).toEqual(rest);
});
