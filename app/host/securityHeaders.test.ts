import { expect, test } from 'vitest';
import { contentSecurityPolicy } from './securityHeaders.ts';

const policy = contentSecurityPolicy('127.0.0.1:7788');
const directives = new Map(
  policy.split('; ').map((directive): [string, string[]] => {
    const [name = '', ...sources] = directive.split(' ');
    return [name, sources];
  }),
);

test('scripts and workers come as files of our own origin, and from nowhere else', () => {
  expect(directives.get('script-src')).toEqual(["'self'"]);
  expect(directives.get('worker-src')).toEqual(["'self'"]);
});

test('what is not named is forbidden, and nothing is evaluated', () => {
  expect(directives.get('default-src')).toEqual(["'none'"]);
  expect(policy).not.toMatch(/unsafe-eval|wasm-unsafe-eval|strict-dynamic|blob:|\*/);
});

test('the console talks to its own host alone', () => {
  expect(directives.get('connect-src')).toEqual(["'self'", 'ws://127.0.0.1:7788']);
});
