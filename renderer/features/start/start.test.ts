import { expect, test } from 'vitest';
import type { FoundProject, SandboxItem } from '../../../app/contract/index.ts';
import { toProjectLevel, toProjectPlace, toProjectWords } from './projectLevel.ts';
import { toSandboxProgress } from './sandboxProgress.ts';

test.each([
  [{ running: 22, stopped: 0, unhealthy: 0 }, 'ok', '22 running'],
  [{ running: 20, stopped: 1, unhealthy: 1 }, 'degraded', '20 running, 1 unhealthy, 1 stopped'],
  [{ running: 0, stopped: 3, unhealthy: 0 }, 'unknown', '3 stopped'],
  [{ running: 0, stopped: 0, unhealthy: 0 }, 'unknown', 'not running'],
])('%j is %s: %s', (containers, level, words) => {
  expect(toProjectLevel({ containers })).toBe(level);
  expect(toProjectWords({ containers })).toBe(words);
});

test('a project says where it was found', () => {
  const project = { services: 22, engineKind: 'docker', files: ['/srv/shop/compose.yaml'], folder: '/srv/shop' };
  expect(toProjectPlace(project as FoundProject)).toBe('22 services · docker · compose.yaml in /srv/shop');
  const several = { ...project, services: 1, files: ['a', 'b'], folder: null };
  expect(toProjectPlace(several as FoundProject)).toBe('1 service · docker · 2 files');
});

test('of a start, what failed and what is at work is seen first', () => {
  const item = (name: string, state: SandboxItem['state']): SandboxItem => ({ name, state, detail: '', since: 0 });
  const progress = toSandboxProgress({
    items: [item('redis', 'healthy'), item('nginx', 'waiting'), item('backend', 'starting'), item('search', 'failed')],
  });
  expect(progress).toMatchObject({ ready: 1, total: 4, failed: 1 });
  expect(progress.items.map((entry) => entry.name)).toEqual(['search', 'backend', 'nginx', 'redis']);
});
