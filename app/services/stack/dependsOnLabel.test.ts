import { expect, test } from 'vitest';
import type { Service } from './compose/project.ts';
import { parseDependsOnLabel, toShownDependencies } from './dependsOnLabel.ts';

const service = {
  command: null,
  entrypoint: null,
  depends_on: {
    db: { condition: 'service_healthy', required: true },
    jobs: { condition: 'service_completed_successfully', restart: true, required: false },
  },
} satisfies Service;

test('what the label says is what the file said', () => {
  const label = 'db:service_healthy:false,jobs:service_completed_successfully:true';
  expect(parseDependsOnLabel(label)).toEqual(toShownDependencies(service));
});

test('a label of somebody else is read as far as it can be', () => {
  expect(parseDependsOnLabel('a:nonsense,b,,c:constructor:x')).toEqual([
    { service: 'a', condition: 'started' },
    { service: 'b', condition: 'started' },
    { service: 'c', condition: 'started' },
  ]);
});
