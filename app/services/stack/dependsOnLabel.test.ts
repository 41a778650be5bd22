import { expect, test } from 'vitest';
import type { Service } from './compose/project.ts';
import { parseDependsOnLabel, toDependsOnLabel, toShownDependencies } from './dependsOnLabel.ts';

const service = {
  command: null,
  entrypoint: null,
  depends_on: {
    db: { condition: 'service_healthy', required: true },
    jobs: { condition: 'service_completed_successfully', restart: true, required: false },
  },
} satisfies Service;

test('the label is as compose writes it', () => {
  expect(toDependsOnLabel(service)).toBe('db:service_healthy:false,jobs:service_completed_successfully:true');
  expect(toDependsOnLabel({ command: null, entrypoint: null })).toBe('');
});

test('what the label says is what the file said', () => {
  expect(parseDependsOnLabel(toDependsOnLabel(service))).toEqual(toShownDependencies(service));
});

test('a label of somebody else is read as far as it can be', () => {
  expect(parseDependsOnLabel('a:nonsense,b,,c:constructor:x')).toEqual([
    { service: 'a', condition: 'started' },
    { service: 'b', condition: 'started' },
    { service: 'c', condition: 'started' },
  ]);
});
