import { expect, test } from 'vitest';
import type { ReachWay } from '../../../app/contract/index.ts';
import { countReach, listWays, toReachEdges } from './reachEdges.ts';

const way = (from: string, to: string, given: Partial<ReachWay> = {}): ReachWay => ({
  from,
  to,
  networks: ['ai'],
  isDeclared: false,
  observedBy: [],
  bypass: null,
  ...given,
});
const ways = [
  way('search', 'pricing', { bypass: 'the gateway' }),
  way('gateway', 'search', { isDeclared: true, observedBy: ['gateway'] }),
  way('pricing', 'qdrant', { observedBy: ['traces'] }),
  way('search', 'prometheus'),
  way('nginx', 'prometheus'),
];
const names = ['search', 'pricing', 'gateway', 'qdrant', 'prometheus', 'nginx'];
const layout = {
  services: new Map(names.map((name, index) => [name, { x: index * 300, y: 0 }])),
  boxes: new Map(),
  width: 0,
  height: 0,
};
const kinds = (near: string | null, drawn: string[] = []) =>
  toReachEdges(ways, near, { layout, shown: new Set(names), drawn: new Set(drawn) }).map(
    ({ from, to, kind }) => `${from} ${to} ${kind}`,
  );

test('bypasses and what traces saw are always drawn, what is merely possible only where one looks', () => {
  expect(kinds(null)).toEqual(['search pricing bypass', 'pricing qdrant traced']);
  expect(kinds('search')).toEqual(['search pricing bypass', 'pricing qdrant traced', 'search prometheus unused']);
});

test('a pair that has a line already is drawn again only as a bypass', () => {
  const drawn = [JSON.stringify(['search', 'pricing']), JSON.stringify(['pricing', 'qdrant'])];
  expect(kinds(null, drawn)).toEqual(['search pricing bypass']);
});

test('where nobody watched nothing is known to be unused', () => {
  const map = { at: 0, isEnforced: true, ways, wayCount: 9 };
  expect(countReach({ ...map, isWatched: true })).toEqual({ ways: 9, bypasses: 1, unused: 2 });
  expect(countReach({ ...map, isWatched: false })).toEqual({ ways: 9, bypasses: 1, unused: null });
});

test('the list is of the bypasses, or of all that one service could do without a reason', () => {
  const shown = (service: string | null) => listWays(ways, service).map(({ from, to }) => `${from} ${to}`);
  expect(shown(null)).toEqual(['search pricing']);
  expect(shown('search')).toEqual(['search pricing', 'search prometheus']);
});
