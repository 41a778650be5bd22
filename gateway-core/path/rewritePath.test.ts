import { expect, test } from 'vitest';
import { rewritePath } from './rewritePath.ts';

test.each<[path: string, prefix: string, replacement: string | null, result: string | undefined]>([
  ['/api/ai/search/query/', '/api/ai/search', '/', '/query/'],
  ['/ai/search', '/ai/search', '/', '/'],
  ['/ai/search/', '/ai/search', '/', '/'],
  ['/api/auth/login', '/api/auth', '/auth', '/auth/login'],
  ['/api/auth', '/api/auth', '/auth', '/auth'],
  ['/anything', '/', '/base', '/base/anything'],
  ['/', '/', '/base', '/base'],
  ['/anything', '/', '/', '/anything'],
  ['/kept/as/it/is', '/kept', null, '/kept/as/it/is'],
  // The rest alone must be canonical too; a path that hides something below its prefix is not forwarded.
  ['/a/../b', '/a', '/', undefined],
  ['/a//b', '/a', '/', undefined],
])('%s without %s on %s is %s', (path, prefix, replacement, result) => {
  expect(rewritePath(path, prefix, replacement)).toBe(result);
});
