import { expect, test } from 'vitest';
import { parseDockerfile } from './dockerfiles.ts';

test('the last stage decides, with what it takes over from stages of the file', () => {
  const text =
    'FROM node:24 AS base\nUSER node\nFROM golang AS build\nUSER root\nFROM base\nHEALTHCHECK \\\n  CMD ["x"]\n';
  expect(parseDockerfile(text)).toEqual({ user: 'node', hasHealthCheck: true, createdAt: null });
  expect(parseDockerfile(text, 'build')).toMatchObject({ user: 'root', hasHealthCheck: false });
});

test.each([
  ['FROM node:24\nRUN x\n', 'no stage names a user'],
  ['ARG U\nFROM node:24\nUSER $U\n', 'it is a variable'],
  ['FROM a AS one\nUSER app\nFROM b\n', 'the user is of a stage that is not built'],
])('%j says nothing: %s', (text) => {
  expect(parseDockerfile(text)).toBeUndefined();
});
