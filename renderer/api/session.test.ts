import { expect, test } from 'vitest';
import { addressWithoutFragment, chooseSessionSource, parseCode } from './session.ts';

test.each([
  ['#code=K7QX-2M4P', null, { from: 'code', code: 'K7QX-2M4P' }],
  ['#code=k7qx-2m4p', 'kept', { from: 'code', code: 'K7QX-2M4P' }],
  ['', 'kept', { from: 'kept', token: 'kept' }],
  ['#code=', 'kept', { from: 'kept', token: 'kept' }],
  ['#code=<script>', null, { from: 'otherTabs' }],
  ['', null, { from: 'otherTabs' }],
])('with fragment %j and token %j the session comes from %j', (fragment, token, source) => {
  expect(chooseSessionSource(fragment, token)).toEqual(source);
});

test.each([
  [' k7qx-2m4p ', 'K7QX-2M4P'],
  ['K7QX2M4P', 'K7QX2M4P'],
  ['http://127.0.0.1:7788/#code=K7QX-2M4P', 'K7QX-2M4P'],
  ['Gatehouse: http://127.0.0.1:7788/#code=K7QX-2M4P\n', 'K7QX-2M4P'],
  ['', null],
  ['--', null],
  ['K7QX 2M4P', null],
])('%j is read as the code %j', (text, code) => {
  expect(parseCode(text)).toBe(code);
});

test('the address keeps its path and search and loses its fragment', () => {
  const url = new URL('http://127.0.0.1:7788/env/sandbox~shop/traffic?filter=status:5xx#code=K7QX-2M4P');
  expect(addressWithoutFragment(url)).toBe('/env/sandbox~shop/traffic?filter=status:5xx');
});
