import { expect, test } from 'vitest';
import type { HistoryState, TimelineBatch, TimelineEntry, TimelineKind } from '../../../app/contract/index.ts';
import { allKinds, parseKinds, toEntryTest, toggleKind } from './timelineFilter.ts';
import { type TimelineLog, toRows, withBatch, withOlder } from './timelineLog.ts';

const history: HistoryState = { state: 'kept', file: 'history.db', since: 0, problem: null };
const entry = (at: number, given: Partial<TimelineEntry> = {}): TimelineEntry => ({
  id: `e${at}`,
  at,
  kind: 'engine',
  level: 'ok',
  subject: 'search',
  text: 'started',
  operator: null,
  ...given,
});
const batch = (entries: TimelineEntry[], given: Partial<TimelineBatch> = {}): TimelineBatch => ({
  entries,
  unwatched: [],
  next: null,
  history,
  ...given,
});
const ats = ({ entries }: TimelineLog) => entries.map(({ at }) => at);

test('what comes stands above, and an entry that changed takes its own place', () => {
  const first = withBatch(null, batch([entry(3), entry(1)], { next: { at: 1, id: 'e1' } }));
  const second = withBatch(first, batch([entry(5), entry(3, { text: 'ended' })]));
  expect(ats(second)).toEqual([5, 3, 1]);
  expect(second.entries[1]?.text).toBe('ended');
  expect(second.next).toEqual({ at: 1, id: 'e1' });
});

test('an older page goes below, and says where the next one begins', () => {
  const first = withBatch(null, batch([entry(9)], { next: { at: 9, id: 'e9' } }));
  const older = withOlder(first, { entries: [entry(4), entry(2)], unwatched: [], next: { at: 2, id: 'e2' } });
  expect(ats(older)).toEqual([9, 4, 2]);
  expect(older.next).toEqual({ at: 2, id: 'e2' });
  expect(withOlder(older, { entries: [entry(1)], unwatched: [], next: null }).next).toBeNull();
});

test('a window that holds very much forgets the oldest, which can be asked for again', () => {
  const many = Array.from({ length: 6000 }, (_, index) => entry(index));
  const log = withBatch(withBatch(null, batch([])), batch(many));
  expect(log.entries).toHaveLength(5000);
  expect(log.next).toEqual({ at: 1000, id: 'e1000' });
});

test('time that nobody watched stands between the entries around it, and grows without doubling', () => {
  const first = withBatch(null, batch([entry(100), entry(10)], { unwatched: [{ from: 20, until: 90 }] }));
  const second = withBatch(first, batch([], { unwatched: [{ from: 20, until: 100 }] }));
  expect(toRows(second, () => true).map(({ key }) => key)).toEqual(['e100', 'unwatched-20', 'e10']);
});

test.each<[string, TimelineEntry, boolean]>([
  ['started', entry(1), true],
  ['START search', entry(1), true],
  ['!search', entry(1), false],
  ['who:ops', entry(1, { operator: { who: 'ops (cli)', outcome: 'done', engineCallCount: 0 } }), true],
  ['who:ops', entry(1), false],
  ['is:refused', entry(1, { operator: { who: 'ops', outcome: 'refused', engineCallCount: 0 } }), true],
  ['is:down', entry(1, { level: 'down' }), true],
  ['constructor:x', entry(1), false],
])('the filter %s', (filter, given, passes) => {
  expect(toEntryTest(filter)(given)).toBe(passes);
});

test.each<[string | undefined, TimelineKind[]]>([
  [undefined, allKinds],
  ['', allKinds],
  ['nonsense', allKinds],
  ['operator,engine', ['engine', 'operator']],
])('the address %s means kinds', (text, kinds) => {
  expect(parseKinds(text)).toEqual(kinds);
});

test('a kind is shown alone first, then with others, and none means all', () => {
  expect(toggleKind(allKinds, 'boot')).toBe('boot');
  expect(toggleKind(['boot'], 'engine')).toBe('boot,engine');
  expect(toggleKind(['boot', 'engine'], 'boot')).toBe('engine');
  expect(toggleKind(['engine'], 'engine')).toBeNull();
});
