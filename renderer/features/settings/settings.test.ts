import { expect, test } from 'vitest';
import type { FoundProject, KeptEnvironment } from '../../../app/contract/index.ts';
import { type DiagnosticFacts, toDiagnostics } from './diagnostics.ts';
import { canForget, toStackRows } from './stackRows.ts';

const found = (name: string, given: Partial<FoundProject> = {}): FoundProject => ({
  environment: `docker~${name}`,
  engine: 'docker',
  engineKind: 'docker',
  name,
  containers: { running: 1, stopped: 0, unhealthy: 0 },
  services: 1,
  files: [],
  folder: null,
  origin: 'engine',
  hasGateway: true,
  ...given,
});
const kept = (project: string, given: Partial<KeptEnvironment> = {}): KeptEnvironment => ({
  place: `unix:///run/docker.sock~${project}`,
  project,
  engine: 'unix:///run/docker.sock',
  environment: `docker~${project}`,
  settings: { name: 'My shop', colour: 'teal', guard: 'locked' },
  setAt: 5,
  ...given,
});

test('what was found and what is remembered of the same place is one row', () => {
  const rows = toStackRows([found('shop'), found('blog')], [kept('shop')]);
  expect(rows.map(({ project, setAt }) => [project, setAt])).toEqual([
    ['blog', null],
    ['shop', 5],
  ]);
  expect(rows[1]).toMatchObject({ settings: { guard: 'locked' }, found: { name: 'shop' } });
});

test('a place whose engine is gone comes last, and can be forgotten', () => {
  const rows = toStackRows([found('shop')], [kept('old', { environment: null })]);
  expect(rows.map((row) => [row.project, row.environment, canForget(row)])).toEqual([
    ['shop', 'docker~shop', false],
    ['old', null, true],
  ]);
});

test('an opened folder that nothing is remembered of can be closed', () => {
  const [row] = toStackRows([found('shop', { origin: 'folder', folder: '/srv/shop' })], []);
  expect(row && canForget(row)).toBe(true);
});

const facts: DiagnosticFacts = {
  at: Date.UTC(2026, 0, 1),
  host: {
    product: 'gatehouse',
    version: '1.2.3',
    pid: 7,
    node: 'v24.1.0',
    platform: 'linux',
    startedAt: Date.UTC(2026, 0, 1) - 60_000,
    readOnly: true,
    stackFolder: '/home/alice/shop',
    engineChoice: 'auto',
  },
  storage: {
    history: { state: 'kept', file: '/home/alice/.local/state/history.db', since: 1, problem: null },
    places: [{ what: 'history', path: '/home/alice/.local/state/history.db', bytes: 2048 }],
    rows: { audit: 3 },
    keptLogBytes: 0,
  },
  engines: [
    {
      id: 'context-work',
      kind: 'docker',
      place: 'alice@secret-host',
      address: 'ssh://alice@secret-host',
      origin: 'context "work"',
      state: 'unreachable',
      version: null,
      problem: { code: 'engine-unreachable', message: 'alice@secret-host did not answer', remedy: '' },
    },
  ],
  environment: null,
  gateway: null,
  browser: 'Chromium | 140',
};

test('diagnostics name versions, states and sizes', () => {
  const text = toDiagnostics(facts);
  expect(text).toContain('2026-01-01 00:00:00 UTC');
  expect(text).toContain('| version | 1.2.3 |');
  expect(text).toContain('| options | --engine auto --read-only |');
  expect(text).toContain('| history | kept, 2.0 kB |');
  expect(text).toContain('| a context | unreachable | – | ssh | engine-unreachable |');
  expect(text).toContain('Chromium \\| 140');
});

test('diagnostics name neither folders nor users nor machines', () => {
  expect(toDiagnostics(facts)).not.toMatch(/alice|secret-host|work\b|\/home|\.local/);
});
