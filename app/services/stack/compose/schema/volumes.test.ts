import { expect, test } from 'vitest';
import { parseShortVolume, toCleanTarget } from './volumes.ts';

test.each([
  ['./a:/b:ro', { source: './a', target: '/b', options: ['ro'] }],
  ['data:/b', { source: 'data', target: '/b', options: [] }],
  ['/b', { target: '/b', options: [] }],
  ['/scratch', { target: '/scratch', options: [] }],
  ['C:\\data:/data:ro,z', { source: 'C:\\data', target: '/data', options: ['ro', 'z'] }],
])('volume %s', (written, expected) => {
  expect(parseShortVolume(written)).toEqual(expected);
});

test.each([
  ['', 'an empty volume'],
  ['./a:', 'volume "./a:" has an empty section between colons'],
  ['./a:/b:ro:x', 'volume "./a:/b:ro:x" has too many colons'],
])('"%s" is none', (written, complaint) => {
  expect(parseShortVolume(written)).toBe(complaint);
});

test('a target is the same with and without a slash at its end', () => {
  expect(['/data/', '/data/../data', '/', 'data/'].map(toCleanTarget)).toEqual(['/data', '/data', '/', 'data']);
});
