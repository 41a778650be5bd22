import { spawnSync } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { createHistory } from '../history/history.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { type AuditedAction, createAuditLog } from './auditLog.ts';

const action = (given: Partial<AuditedAction> = {}): AuditedAction => ({
  operation: 'stack.down',
  summary: 'Take the stack down',
  class: 'destroy',
  caller: 'cli',
  environment: 'docker~shop',
  place: 'here~shop',
  guard: 'confirm',
  unlockReason: 'incident 12',
  input: { environment: 'docker~shop', registryToken: 'abc' },
  ...given,
});

function open(folder = temporaryFolder()) {
  const history = createHistory({ folder, now: Date.now });
  onTestFinished(() => history.close());
  return { log: createAuditLog(history, Date.now), history };
}
const all = { place: null, before: null, limit: 100 };

test('an entry is there before the operation has ended, and is completed', () => {
  const { log } = open();
  const running = log.begin(action());
  expect(log.list(all)).toMatchObject([{ outcome: 'running', finishedAt: null, engineCallCount: 0 }]);
  running.record({ method: 'POST', path: '/containers/a/stop', status: 204 });
  running.finish('failed', { code: 'engine-unreachable', message: 'gone', remedy: 'wait' });
  const [entry] = log.list(all);
  expect(entry).toMatchObject({
    operation: 'stack.down',
    caller: 'cli',
    environment: 'docker~shop',
    guard: 'confirm',
    unlockReason: 'incident 12',
    outcome: 'failed',
    problem: { code: 'engine-unreachable' },
    engineCallCount: 1,
    input: '{"environment":"docker~shop","registryToken":"••••••••"}',
  });
  expect(entry?.user).not.toBe('');
  expect(log.find(entry?.id ?? '')?.engineCalls).toEqual([{ method: 'POST', path: '/containers/a/stop', status: 204 }]);
});

test('only the first end counts, and what comes after it is not recorded', () => {
  const { log } = open();
  const done = log.begin(action());
  done.finish('done');
  done.record({ method: 'GET', path: '/late', status: 200 });
  done.finish('cancelled');
  expect(log.list(all)).toMatchObject([{ outcome: 'done', engineCallCount: 0 }]);
});

test('of very many calls the first are listed and all are counted', () => {
  const { log } = open();
  const busy = log.begin(action());
  for (let index = 0; index < 700; index += 1) busy.record({ method: 'GET', path: `/${index}`, status: 200 });
  busy.finish('done');
  const [entry] = log.list(all);
  expect(entry?.engineCallCount).toBe(700);
  expect(log.find(entry?.id ?? '')?.engineCalls).toHaveLength(500);
});

test('a process that was killed in between leaves an entry that is not finished', () => {
  const folder = temporaryFolder();
  const program = `
    const { createHistory } = await import(${JSON.stringify(new URL('../history/history.ts', import.meta.url).href)});
    const { createAuditLog } = await import(${JSON.stringify(new URL('./auditLog.ts', import.meta.url).href)});
    const log = createAuditLog(createHistory({ folder: ${JSON.stringify(folder)}, now: Date.now }), Date.now);
    log.begin(${JSON.stringify(action())});
    process.kill(process.pid, 'SIGKILL');`;
  const { signal } = spawnSync(process.execPath, ['--input-type=module', '-e', program]);
  expect(signal).toBe('SIGKILL');
  expect(open(folder).log.list(all)).toMatchObject([{ outcome: 'notFinished', finishedAt: null }]);
});

test('what an earlier life of the same process number left is not running', () => {
  const { log, history } = open();
  log.begin(action());
  expect(createAuditLog(history, Date.now).list(all)).toMatchObject([{ outcome: 'notFinished' }]);
});

test('a place sees its own entries and those of the host as a whole, page by page', () => {
  const { log } = open();
  for (const place of ['here~shop', 'there~shop', null, 'here~shop']) log.begin(action({ place })).finish('done');
  const first = log.list({ place: 'here~shop', before: null, limit: 2 });
  const last = first.at(-1);
  const second = log.list({ place: 'here~shop', before: last ? { at: last.at, id: last.id } : null, limit: 2 });
  expect([first.length, second.length]).toEqual([2, 1]);
  expect(log.list(all)).toHaveLength(4);
});

test('an unknown entry is not there', () => {
  expect(open().log.find('x')).toBeUndefined();
});

test('what was done within one millisecond is listed in the order it was done, newest first', () => {
  const { history } = open();
  const log = createAuditLog(history, () => 1_700_000_000_000);
  const operations = Array.from({ length: 50 }, (_, index) => `step.${index}`);
  for (const operation of operations) log.begin(action({ operation })).finish('done');
  expect(log.list(all).map(({ operation }) => operation)).toEqual(operations.toReversed());
});
