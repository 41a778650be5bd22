import { expect, test } from 'vitest';
import { matchesName, parseFilters, passesLabels } from './filters.ts';
import { empty } from './reply.ts';
import { createRouteTable, type EngineRoute, stripVersion } from './routeTable.ts';

const route = (method: EngineRoute['method'], path: string): EngineRoute => ({
  method,
  path,
  handle: () => empty(204),
});
const table = createRouteTable([
  route('GET', '/containers/json'),
  route('GET', '/containers/:id/json'),
  route('DELETE', '/containers/:id'),
  route('GET', '/images/:name+/json'),
]);

test.each([
  ['GET', '/containers/json', '/containers/json', {}],
  ['HEAD', '/containers/json', '/containers/json', {}],
  ['GET', '/containers/a%2Fb/json', '/containers/:id/json', { id: 'a/b' }],
  ['DELETE', '/containers/abc', '/containers/:id', { id: 'abc' }],
  ['GET', '/images/gatehouse/api-gateway:0.1.0/json', '/images/:name+/json', { name: 'gatehouse/api-gateway:0.1.0' }],
])('%s %s is %s', (method, path, found, params) => {
  expect(table.find(method, path)).toMatchObject({ route: { path: found }, params });
});

test.each([
  ['POST', '/containers/json'],
  ['GET', '/containers/a/b/json'],
  ['GET', '/containers//json'],
  ['GET', '/containersXjson'],
])('%s %s is nothing', (method, path) => {
  expect(table.find(method, path)).toBeUndefined();
});

test('a path that is not valid percent-encoding is a 400', () => {
  expect(() => table.find('GET', '/containers/%zz/json')).toThrow(expect.objectContaining({ status: 400 }));
});

test.each([
  ['/v1.47/info', '/info'],
  ['/v1.24/info', '/info'],
  ['/v1.99/info', '/info'],
  ['/info', '/info'],
  ['/v1.47', '/v1.47'],
])('%s is %s', (path, stripped) => {
  expect(stripVersion(path)).toBe(stripped);
});

test.each(['/v1.23/info', '/v2.0/info', '/v0.9/info'])('%s is of a version that is not spoken', (path) => {
  expect(() => stripVersion(path)).toThrow('too old');
});

test.each([
  ['{"label":["a=b","c"]}', ['a=b', 'c']],
  ['{"label":{"a=b":true,"x":false}}', ['a=b']],
  ['{"label":[]}', []],
])('filters %s', (text, labels) => {
  expect(parseFilters(text, ['label']).get('label')).toEqual(labels);
});

test.each(['{', '[]x', 'null', '{"nope":["a"]}', '{"label":"a"}', '{"label":[1]}'])(
  'filters %s are refused',
  (text) => {
    expect(() => parseFilters(text, ['label'])).toThrow(expect.objectContaining({ status: 400 }));
  },
);

test.each([
  [['a'], true],
  [['a=1'], true],
  [['a=1', 'b'], false],
  [['a=2'], false],
  [['toString'], false],
])('labels {a: 1} pass %j: %s', (wanted, passes) => {
  expect(passesLabels(new Map([['label', wanted]]), { a: '1' })).toBe(passes);
});

test.each([
  ['shop', true],
  ['^/shop-search-1$', true],
  ['^shop$', false],
  ['search-1$', true],
  ['^search', false],
  ['(((((', false],
])('name shop-search-1 matches %s: %s', (wanted, matches) => {
  expect(matchesName('shop-search-1', wanted)).toBe(matches);
});
