import { expect, test } from 'vitest';
import { parseRequestTarget } from './requestTarget.ts';

test.each([
  ['/a?b=c', { path: '/a', query: '?b=c', authority: null }],
  ['/a?b=100%&c=/../', { path: '/a', query: '?b=100%&c=/../', authority: null }],
  ['/a?', { path: '/a', query: '?', authority: null }],
  ['http://shop:80/a/../b?c', { path: '/a/../b', query: '?c', authority: 'shop:80' }],
  ['HTTPS://shop', { path: '/', query: '', authority: 'shop' }],
  ['http://shop?x', { path: '/', query: '?x', authority: 'shop' }],
  ['//evil/x', { path: '//evil/x', query: '', authority: null }],
])('%s is split and not interpreted', (target, parts) => {
  expect(parseRequestTarget(target)).toEqual({ ok: true, ...parts });
});

test.each([
  '*',
  'a',
  '',
  'shop:443',
  'ftp://shop/',
  'http:///x',
  'http://u:p@shop/',
  '/a?b c',
  '/a?b\0',
  '/a?b#c',
  '/a?\u2028',
])('%j is refused', (target) => {
  expect(parseRequestTarget(target).ok).toBe(false);
});
