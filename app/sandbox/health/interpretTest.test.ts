import { expect, test } from 'vitest';
import { interpretTest } from './interpretTest.ts';

const subject = { ports: [8000], standInFor: null };

test.each([
  [['CMD', 'curl', '-f', 'http://localhost:8000/api/health/'], '/api/health/'],
  [['CMD', '/usr/bin/wget', '-q', '--spider', 'http://127.0.0.1:8000/-/healthy?a=1'], '/-/healthy?a=1'],
  [['CMD', 'probe', 'http://localhost:8000/health'], '/health'],
  [['CMD-SHELL', 'curl -f "http://localhost:8000/health" || exit 1'], '/health'],
  [['CMD-SHELL', "curl -sf 'http://localhost:8000/x'; exit $?"], '/x'],
])('%j is a GET of %s', (words, path) => {
  expect(interpretTest({ ...subject, test: words })).toMatchObject({ kind: 'http', port: 8000, path });
});

test('a URL without a port is port 80', () => {
  expect(
    interpretTest({ ports: [80], standInFor: 'nginx', test: ['CMD', 'curl', 'http://localhost/x'] }),
  ).toMatchObject({ kind: 'http', port: 80 });
});

test.each([
  [['CMD', 'curl', '-f', 'http://example.com:8000/']],
  [['CMD', 'curl', '-f', 'http://localhost:9999/']],
  [['CMD', 'curl', '-f', 'https://localhost:8000/']],
  [['CMD', 'pg_isready', '-h', 'http://localhost:8000/']],
  [['CMD-SHELL', '']],
  [[]],
])('%j is a connection to the first port', (words) => {
  expect(interpretTest({ ...subject, test: words })).toMatchObject({ kind: 'tcp', port: 8000 });
});

test('the output says for what it stands and what was not run', () => {
  const postgres = { ports: [5432], standInFor: 'postgres', test: ['CMD', 'pg_isready', '-U', 'shop'] };
  expect(interpretTest(postgres).says).toBe(
    'stand-in for postgres: port 5432 accepts connections; pg_isready was not run',
  );
  expect(interpretTest({ ...postgres, ports: [] })).toEqual({
    kind: 'process',
    says: 'stand-in for postgres: the process runs and exposes no port; pg_isready was not run',
  });
});
