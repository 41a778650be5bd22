import { expect, onTestFinished, test } from 'vitest';
import { type TimelineBatch, timelineKindSchema } from '../../contract/index.ts';
import { createAuditLog } from '../audit/auditLog.ts';
import { addHappening } from '../history/happenings.ts';
import { createHistory } from '../history/history.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { createTimeline } from './timeline.ts';

const place = 'here~shop';
const kinds = [...timelineKindSchema.options];
const start = 1_900_000_000_000;

function open(folder = temporaryFolder()) {
  let now = start;
  const history = createHistory({ folder, now: () => now });
  onTestFinished(() => history.close());
  const audit = createAuditLog(history, () => now);
  const timeline = createTimeline({ history, audit, now: () => now, pollEveryMs: 20 });
  const say = (subject: string) => {
    now += 1000;
    addHappening(history, place, { at: now, kind: 'engine', level: 'ok', subject, text: 'started' });
  };
  const act = () => {
    now += 1000;
    const input = {};
    return audit.begin({
      operation: 'stack.down',
      summary: 'Take the stack down',
      class: 'destroy',
      caller: 'cli',
      environment: 'docker~shop',
      place,
      guard: 'open',
      unlockReason: null,
      input,
    });
  };
  return { timeline, say, act, pass: (ms: number) => (now += ms), query: { place, kinds, limit: 3 } };
}

function follow(batches: AsyncGenerator<TimelineBatch>, leaving: AbortController) {
  onTestFinished(async () => {
    leaving.abort();
    await batches.return(undefined);
  });
  return async () => (await batches.next()).value as TimelineBatch;
}

test('what happened and what was done stand in one order, page by page', () => {
  const { timeline, say, act, query } = open();
  say('a');
  act().finish('done');
  say('b');
  act().finish('refused');
  say('c');
  const first = timeline.page({ ...query, before: null });
  expect(first.entries.map(({ subject }) => subject)).toEqual(['c', 'stack.down', 'b']);
  const second = timeline.page({ ...query, before: first.next });
  expect(second.entries.map(({ subject }) => subject)).toEqual(['stack.down', 'a']);
  expect(second.next).toBeNull();
});

test('a page that ends exactly with the last entry has no next one', () => {
  const { timeline, say, query } = open();
  for (const subject of ['a', 'b', 'c']) say(subject);
  expect(timeline.page({ ...query, before: null }).next).toBeNull();
});

test('only the kinds that were asked for', () => {
  const { timeline, say, act, query } = open();
  say('a');
  act().finish('done');
  expect(timeline.page({ ...query, kinds: ['operator'], before: null }).entries).toMatchObject([
    { kind: 'operator', level: 'ok', operator: { outcome: 'done', engineCallCount: 0 } },
  ]);
  expect(timeline.page({ ...query, kinds: ['engine'], before: null }).entries).toMatchObject([{ subject: 'a' }]);
  expect(timeline.page({ ...query, kinds: ['breaker'], before: null }).entries).toEqual([]);
});

test('a watcher gets the newest page, then what comes, and an action again when it has ended', async () => {
  const { timeline, say, act, query } = open();
  say('a');
  const leaving = new AbortController();
  const next = follow(timeline.watch(query, leaving.signal), leaving);
  expect(await next()).toMatchObject({ entries: [{ subject: 'a' }], history: { state: 'kept' } });
  const action = act();
  expect(await next()).toMatchObject({ entries: [{ operator: { outcome: 'running' } }] });
  action.finish('done');
  const { entries } = await next();
  expect(entries).toMatchObject([{ operator: { outcome: 'done' } }]);
});

test('a watcher sees what another process wrote', async () => {
  const folder = temporaryFolder();
  const [here, there] = [open(folder), open(folder)];
  const leaving = new AbortController();
  const next = follow(here.timeline.watch(here.query, leaving.signal), leaving);
  expect((await next()).entries).toEqual([]);
  there.say('b');
  expect(await next()).toMatchObject({ entries: [{ subject: 'b' }] });
});

test('time in which nobody watched is told', () => {
  const { timeline, say, pass, query } = open();
  say('a');
  pass(3_600_000);
  say('b');
  const { entries, unwatched } = timeline.page({ ...query, before: null });
  expect(unwatched).toEqual([{ from: entries[1]?.at, until: entries[0]?.at }]);
});
