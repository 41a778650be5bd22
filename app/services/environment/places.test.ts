import { expect, test } from 'vitest';
import { createHistory } from '../history/history.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import type { EngineSource } from './engines.ts';
import { createPlaces } from './places.ts';

const engine = (id: string, path: string): EngineSource => ({
  id,
  kind: 'docker',
  isAsked: () => true,
  ask() {},
  gatewayReach: 'exec',
  findAddress: () => ({ kind: 'socket', path }),
  findOrigin: () => 'this test',
  open: () => {
    throw new Error('nothing is asked here');
  },
});

function openPlaces({ isHostReadOnly = false, engines = [engine('docker', '/run/a.sock')] } = {}) {
  const history = createHistory({ folder: temporaryFolder(), now: () => 1000 });
  const options = { history, isHostReadOnly, now: () => 1000 };
  const known = createPlaces({ ...options, engines: new Map(engines.map((one) => [one.id, one])) });
  return { history, known, without: createPlaces({ ...options, engines: new Map() }) };
}

test('what was set is listed with the environment that it belongs to, and forgotten', () => {
  const { known, history } = openPlaces();
  known.configure('docker~shop', ['dev'], { name: 'My shop', colour: 'teal' });
  const [kept] = known.kept();
  expect(kept).toMatchObject({
    project: 'shop',
    environment: 'docker~shop',
    settings: { name: 'My shop' },
    setAt: 1000,
  });
  known.forget(kept?.place ?? '');
  expect(known.kept()).toEqual([]);
  expect(known.settingsOf('docker~shop')).toEqual({ name: null, colour: null, guard: null });
  history.close();
});

test('a place whose engine this host does not have is listed without an environment, and can be forgotten', () => {
  const { known, without, history } = openPlaces();
  known.configure('docker~shop', ['dev'], { name: 'My shop' });
  const [kept] = without.kept();
  expect(kept).toMatchObject({ project: 'shop', environment: null });
  without.forget(kept?.place ?? '');
  expect(known.kept()).toEqual([]);
  history.close();
});

test('a guard that is tighter than usual is not forgotten without an unlock, wherever its engine is', () => {
  const { known, without, history } = openPlaces();
  known.configure('docker~shop', ['dev'], { guard: 'readOnly' });
  const place = known.kept()[0]?.place ?? '';
  expect(() => known.forget(place)).toThrow(/would become looser/);
  expect(() => without.forget(place)).toThrow(/would become looser/);
  known.unlock('docker~shop', 'it is retired', 5);
  known.forget(place);
  expect(known.kept()).toEqual([]);
  history.close();
});

test('a read-only host forgets nothing', () => {
  const { known, history } = openPlaces();
  known.configure('docker~shop', ['dev'], { name: 'My shop' });
  const readOnly = createPlaces({ engines: new Map(), history, isHostReadOnly: true, now: () => 1000 });
  expect(() => readOnly.forget(known.kept()[0]?.place ?? '')).toThrow(/read-only/);
  history.close();
});

test('an unlock can be ended before its time', () => {
  const { known, history } = openPlaces();
  known.unlock('docker~shop', 'a look', 15);
  expect(known.guardOf('docker~shop', ['dev'])).toMatchObject({ guard: 'open', unlockedUntil: 1000 + 15 * 60_000 });
  known.lock('docker~shop');
  expect(known.guardOf('docker~shop', ['dev'])).toMatchObject({ guard: 'locked', unlockedUntil: null });
  history.close();
});
