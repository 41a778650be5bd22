import { expect, onTestFinished, test } from 'vitest';
import { createProgram } from '../../kit/program.ts';
import { isNumbers, type ModelRecipe, openModel } from './model.ts';

const recipe: ModelRecipe<{ slope: number }> = {
  name: 'line',
  version: 1,
  train: () => ({ slope: 2 }),
  parse: (saved) => (isNumbers([(saved as { slope?: unknown }).slope], 1) ? (saved as { slope: number }) : undefined),
};

async function open(environment: Record<string, string>) {
  const model = await openModel(createProgram('test', { LOG_LEVEL: 'error', ...environment }), recipe);
  onTestFinished(() => model.close());
  return model;
}

test('without a database it is trained, kept in this process, and nothing is away', async () => {
  const model = await open({});
  expect(model).toMatchObject({ state: { slope: 2 }, origin: 'trained', described: expect.stringContaining('memory') });
  expect(model.dependency.isAway).toBe(false);
});

test('a database that cannot be reached holds nobody up, and is said to be away', async () => {
  // The port of the service multiplexer, which is too low for any test to listen at.
  const model = await open({ AI_DATABASE: 'postgres://shop@127.0.0.1:1/shop', AI_DATABASE_PASSWORD: 'x' });
  expect(model).toMatchObject({ state: { slope: 2 }, origin: 'trained' });
  expect(model.dependency.isAway).toBe(true);
});

test('the fingerprint is that of the data, the name and the version', async () => {
  const [one, again] = [await open({}), await open({})];
  expect(one.fingerprint).toBe(again.fingerprint);
  expect(one.fingerprint).toMatch(/^[0-9a-f]{32}$/);
});

test.each([[[1, 2]], [['1']], [[Number.NaN]], ['1'], [null]])('%j is not one number', (value) => {
  expect(isNumbers(value, 1)).toBe(false);
});
