import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { ComposeStack, docker, needEngine } from './composeStack.ts';
import { openImageRegistry } from './imageRegistry.ts';

beforeEach(needEngine);

/** The image has no programs: those of the machine are as good. */
const PROGRAMS = ['/bin', '/lib', '/lib64', '/usr'].map((folder) => `${folder}:${folder}:ro`);

test('what is missing is pulled before it is started, with its progress; never, where the file says so', {
  timeout: 120_000,
}, async () => {
  const registry = await openImageRegistry({ megabytes: 20 });
  onTestFinished(() => registry.close());
  const stack = new ComposeStack('pull');
  onTestFinished(async () => {
    await stack.close();
    await docker('image', 'rm', '--force', registry.image);
  });
  const write = (more: object) => {
    const app = { image: registry.image, command: ['/bin/sleep', 'infinity'], init: true, volumes: PROGRAMS, ...more };
    stack.write(JSON.stringify({ services: { app } }));
  };

  write({ pull_policy: 'never' });
  expect((await stack.plan()).plan.blockers).toMatchObject([{ code: 'image-missing', subject: registry.image }]);

  write({});
  const prepared = await stack.plan();
  expect(prepared.plan.steps.map(({ action, name }) => `${action} ${name}`)).toContain(`pull ${registry.image}`);
  const told: string[] = [];
  const result = await stack.apply(prepared, {
    onProgress: ({ step, detail }) => {
      if (step.includes('filler')) told.push(detail);
    },
  });
  expect(result.problems).toEqual([]);
  expect(told).toContain('asking the registry');
  expect(
    told.some((detail) => /^pulling, \d+ of 20 MB$/.test(detail)),
    told.join('\n'),
  ).toBe(true);
  expect(told.at(-1)).toBe('pulled');
  expect(Object.keys(await stack.containers())).toEqual([`${stack.name}-app-1`]);
  expect((await stack.plan()).plan.steps).toEqual([]);
});
