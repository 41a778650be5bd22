import { expect, test } from 'vitest';
import { isQuiet, NO_NOTICES, type NoticeSettings, type NoticeState, sayWhatWaits, takeReport } from './notices.ts';
import type { Alert, StateReport } from './stateReport.ts';

const LOUD: NoticeSettings = { notifications: true, quietUntil: 0, quietHours: undefined };
const NOON = new Date(2026, 0, 5, 12, 0);
const now = NOON.getTime();

const report = (alerts: readonly Alert[], environment = 'docker~shop'): StateReport => ({
  environment,
  name: 'Shop',
  mode: 'prod',
  level: 'down',
  headline: '',
  cause: '',
  alerts,
});
const down = (subject: string): Alert => ({ kind: 'serviceDown', subject });
const open = (subject: string): Alert => ({ kind: 'breakerOpen', subject });
const EXPOSED: Alert = { kind: 'productionExposed', subject: 'postgres' };

/** After each of the reports, what is said. */
function said(state: NoticeState, reports: readonly StateReport[], settings = LOUD, at = NOON) {
  const after = reports.reduce((before, one) => takeReport(before, one, at.getTime()), state);
  return sayWhatWaits(after, settings, at);
}

const WELL = takeReport(NO_NOTICES, report([]), now);

test('what was wrong when an environment was opened is no news', () => {
  expect(said(NO_NOTICES, [report([down('search')])]).notices).toEqual([]);
});

test.each<[alert: Alert, title: string, view: string]>([
  [down('search'), 'Shop: search is down', 'services'],
  [open('search'), 'Shop: search has an open breaker', 'breakers'],
  [EXPOSED, 'Shop: postgres is exposed in production', 'posture'],
])('%j is said, and leads to its view', (alert, title, view) => {
  expect(said(WELL, [report([alert])]).notices).toEqual([{ title, body: '', path: `/env/docker~shop/${view}` }]);
});

test('what fails together is said together, what is open to everybody first', () => {
  const many = ['a', 'b', 'c', 'd', 'e', 'f'].map(down);
  const { notices } = said(WELL, [report(many.slice(0, 2)), report([...many, open('a'), EXPOSED])]);
  expect(notices).toEqual([
    {
      title: 'Shop: 8 things need a look',
      body: 'is exposed in production: postgres\nis down: a, b, c, d and 2 more\nhas an open breaker: a',
      path: '/env/docker~shop/posture',
    },
  ]);
});

test('two environments are two notifications', () => {
  const both = takeReport(WELL, report([], 'docker~blog'), now);
  expect(said(both, [report([down('a')]), report([down('b')], 'docker~blog')]).notices).toHaveLength(2);
});

test('the same report again says nothing again', () => {
  const once = said(WELL, [report([down('search')])]).state;
  expect(said(once, [report([down('search')])]).notices).toEqual([]);
});

test('what mends itself while it waits is not said', () => {
  expect(said(WELL, [report([down('search')]), report([])]).notices).toEqual([]);
});

test('what flaps is said again only after five minutes', () => {
  const once = said(WELL, [report([down('search')])]).state;
  const flap = [report([]), report([down('search')])];
  expect(said(once, flap, LOUD, new Date(now + 4 * 60_000)).notices).toEqual([]);
  expect(said(once, flap, LOUD, new Date(now + 5 * 60_000)).notices).toHaveLength(1);
});

test('what came while it was quiet is not said later', () => {
  const quiet = said(WELL, [report([down('search')])], { ...LOUD, quietUntil: now + 1 });
  expect(quiet.notices).toEqual([]);
  expect(said(quiet.state, [report([down('search')])]).notices).toEqual([]);
});

test.each<[name: string, settings: Partial<NoticeSettings>, hour: number, quiet: boolean]>([
  ['nothing set', {}, 12, false],
  ['turned off', { notifications: false }, 12, true],
  ['quiet for an hour, within it', { quietUntil: now + 1 }, 12, true],
  ['quiet for an hour, after it', { quietUntil: now }, 12, false],
  ['by night, in the evening', { quietHours: { from: 22 * 60, to: 7 * 60 } }, 23, true],
  ['by night, in the morning', { quietHours: { from: 22 * 60, to: 7 * 60 } }, 6, true],
  ['by night, at its end', { quietHours: { from: 22 * 60, to: 7 * 60 } }, 7, false],
  ['at lunch', { quietHours: { from: 12 * 60, to: 13 * 60 } }, 12, true],
  ['after lunch', { quietHours: { from: 12 * 60, to: 13 * 60 } }, 13, false],
  ['an empty stretch', { quietHours: { from: 0, to: 0 } }, 0, false],
])('%s', (_name, settings, hour, quiet) => {
  expect(isQuiet({ ...LOUD, ...settings }, new Date(2026, 0, 5, hour, 0))).toBe(quiet);
});

test('what is remembered is bounded', () => {
  let state = NO_NOTICES;
  for (let index = 0; index < 510; index += 1) state = takeReport(state, report([], `docker~p${index}`), now);
  expect(state.known.size).toBe(500);
});
