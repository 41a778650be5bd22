import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { TimelineKind } from '../../contract/index.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { addHappening, listHappenings } from './happenings.ts';
import { createHistory, type History, type HistoryOptions } from './history.ts';
import { addKeptLog, findKeptLog, keptLogLimitBytes, listKeptLogs } from './keptLogs.ts';

const place = 'unix:///run/docker.sock~shop';
const kinds: TimelineKind[] = ['engine', 'breaker'];

function open(folder: string, options: Partial<HistoryOptions> = {}): History {
  const history = createHistory({ folder, now: Date.now, ...options });
  onTestFinished(() => history.close());
  return history;
}

const say = (history: History, at: number, subject = 'search', kind: TimelineKind = 'engine') =>
  addHappening(history, place, { at, kind, level: 'ok', subject, text: 'started' });
const subjects = (history: History, before: { at: number; id: string } | null = null, limit = 100) =>
  listHappenings(history, { place, kinds, before, limit }).map(({ subject }) => subject);

test('what was written is there for the next host', () => {
  const folder = temporaryFolder();
  const first = createHistory({ folder, now: Date.now });
  say(first, Date.now());
  first.close();
  expect(subjects(open(folder))).toEqual(['search']);
});

test.skipIf(process.platform === 'win32')('its files can be read by their owner alone', () => {
  const folder = temporaryFolder();
  say(open(folder), Date.now());
  for (const name of ['history.db', 'history.db-wal', 'history.db-shm']) {
    expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o600]);
  }
});

test('two hosts that see the same event keep it once', () => {
  const folder = temporaryFolder();
  const [one, other] = [open(folder), open(folder)];
  const at = Date.now();
  say(one, at);
  say(other, at);
  say(other, at, 'recommender');
  expect(subjects(one).toSorted()).toEqual(['recommender', 'search']);
});

test('pages go on where the last one ended, also within one millisecond', () => {
  const history = open(temporaryFolder());
  const at = Date.now();
  for (let index = 0; index < 25; index += 1) say(history, at, `s${index}`);
  const seen: string[] = [];
  for (let before: { at: number; id: string } | null = null; ; ) {
    const page = listHappenings(history, { place, kinds, before, limit: 10 });
    seen.push(...page.map(({ subject }) => subject));
    const last = page.at(-1);
    if (!last) break;
    before = { at: last.at, id: last.id };
  }
  expect(new Set(seen).size).toBe(25);
  expect(seen).toHaveLength(25);
});

test('only the kinds that are asked for, and only of their place', () => {
  const history = open(temporaryFolder());
  say(history, Date.now());
  say(history, Date.now(), 'Breaker search', 'breaker');
  addHappening(history, 'tcp://other~shop', { at: Date.now(), kind: 'engine', level: 'ok', subject: 'x', text: '' });
  expect(listHappenings(history, { place, kinds: ['breaker'], before: null, limit: 9 })).toMatchObject([
    { subject: 'Breaker search' },
  ]);
  expect(subjects(history)).not.toContain('x');
});

test('a damaged file is said with its remedy, is left as it is, and the console goes on in memory', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'history.db');
  writeFileSync(file, 'no database, but something that somebody may want to look at');
  const history = open(folder);
  expect(history.state.current).toMatchObject({
    state: 'memory',
    problem: { code: 'history-unavailable', remedy: expect.stringContaining(`Move ${file}`) },
  });
  say(history, Date.now());
  expect(subjects(history)).toEqual(['search']);
  expect(readFileSync(file, 'utf8')).toContain('somebody may want');
});

test('a file that becomes damaged under it is left, and what comes then is kept', () => {
  const folder = temporaryFolder();
  const history = open(folder);
  for (let index = 0; index < 500; index += 1) say(history, Date.now(), `s${index}`);
  // On the disk, and no longer in SQLite's own memory.
  history.read((database) => database.all('PRAGMA wal_checkpoint(TRUNCATE)'));
  history.read((database) => database.all('PRAGMA shrink_memory'));
  const size = statSync(join(folder, 'history.db')).size;
  writeFileSync(join(folder, 'history.db'), Buffer.alloc(size, 7));
  say(history, Date.now(), 'after');
  expect(history.state.current.state).toBe('memory');
  expect(subjects(history)).toContain('after');
});

test('when the damaged file is moved away a new one is begun, with what was kept in memory', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'history.db');
  writeFileSync(file, 'broken');
  const history = open(folder, { retryEveryMs: 20 });
  say(history, Date.now());
  renameSync(file, join(folder, 'moved'));
  await vi.waitFor(() => expect(history.state.current).toMatchObject({ state: 'kept', problem: null }));
  history.close();
  expect(subjects(open(folder))).toEqual(['search']);
});

test('a file that another program holds is said, and used again when it is free', async () => {
  const folder = temporaryFolder();
  open(folder).close();
  const holder = new DatabaseSync(join(folder, 'history.db'));
  holder.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE held (a); COMMIT');
  const history = open(folder, { retryEveryMs: 20 });
  expect(history.state.current).toMatchObject({
    state: 'memory',
    problem: { message: expect.stringContaining('another program holds it') },
  });
  say(history, Date.now());
  holder.close();
  await vi.waitFor(() => expect(history.state.current.state).toBe('kept'), { timeout: 5000 });
  expect(subjects(history)).toEqual(['search']);
});

test('a file of a newer version is not touched', () => {
  const folder = temporaryFolder();
  const newer = new DatabaseSync(join(folder, 'history.db'));
  newer.exec('PRAGMA user_version = 4000');
  newer.close();
  expect(open(folder).state.current.problem).toMatchObject({
    message: expect.stringContaining('made by a newer Gatehouse'),
  });
});

test('a folder that cannot be made is said', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  const history = open(join(folder, 'file', 'state'));
  expect(history.state.current).toMatchObject({ state: 'memory', problem: { code: 'history-unavailable' } });
});

test('processes write at the same time and lose nothing', async () => {
  const folder = temporaryFolder();
  const program = `
    const { createHistory } = await import(${JSON.stringify(new URL('./history.ts', import.meta.url).href)});
    const { addHappening } = await import(${JSON.stringify(new URL('./happenings.ts', import.meta.url).href)});
    const history = createHistory({ folder: ${JSON.stringify(folder)}, now: Date.now });
    for (let i = 0; i < 200; i += 1)
      addHappening(history, 'here', { at: Date.now(), kind: 'engine', level: 'ok', subject: process.pid + '-' + i, text: '' });
    if (history.state.current.state !== 'kept') process.exitCode = 1;
    history.close();`;
  const children = [1, 2, 3].map(() => spawn(process.execPath, ['--input-type=module', '-e', program]));
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
  expect(codes).toEqual([0, 0, 0]);
  const all = listHappenings(open(folder), { place: 'here', kinds, before: null, limit: 1000 });
  expect(all).toHaveLength(600);
}, 30_000);

test('the last megabyte of a removed container is kept, by service, and found again', () => {
  const history = open(temporaryFolder());
  const log = Buffer.from(`${'x'.repeat(keptLogLimitBytes)}\nlast words\n`);
  addKeptLog(history, place, { at: Date.now(), service: 'search', container: 'shop-search-1', log, cut: true });
  addKeptLog(history, place, {
    at: Date.now(),
    service: 'db',
    container: 'shop-db-1',
    log: Buffer.from('x'),
    cut: false,
  });
  const [kept] = listKeptLogs(history, place, 'search');
  expect(kept).toMatchObject({ container: 'shop-search-1', cut: true });
  const found = findKeptLog(history, place, kept?.id ?? '');
  expect(found?.length).toBe(keptLogLimitBytes);
  expect(found?.toString()).toMatch(/last words\n$/);
  expect(findKeptLog(history, 'elsewhere', kept?.id ?? '')).toBeUndefined();
  expect(listKeptLogs(history, place, null)).toHaveLength(2);
});

test('closing leaves one file', () => {
  const folder = temporaryFolder();
  const history = createHistory({ folder, now: Date.now });
  say(history, Date.now());
  history.close();
  expect(existsSync(join(folder, 'history.db'))).toBe(true);
  expect(existsSync(join(folder, 'history.db-wal'))).toBe(false);
});
