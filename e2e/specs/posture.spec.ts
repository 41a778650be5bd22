// Is production closed? Answered from the running sandbox, from the files of production, and again after an event.
import type { Posture } from '../../app/contract/index.ts';
import { expectNoFindingsInBothSchemes } from '../fixtures/accessibility.ts';
import { expect, test } from '../fixtures/console.ts';
import { ENVIRONMENT, findSandboxAddress, firstValue, setContainer } from '../fixtures/sandbox.ts';

test.describe.configure({ mode: 'serial' });

const address = (base: string, search = '') => new URL(`/env/${ENVIRONMENT}/posture${search}`, base).href;

test('the overview says in a few words how closed the stack is, and leads to the rules', async ({
  consolePage: page,
  console,
}) => {
  await console.client.api.sandbox.start.mutate();
  await page.goto(new URL(`/env/${ENVIRONMENT}/overview`, page.url()).href);
  await page.getByRole('link', { name: /\d grave rules not known/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    /^Development is as closed as development has to be/,
  );
  // What is asked of production alone is said to be so.
  const notAsked = page.getByRole('list', { name: 'What is not asked here' });
  await expect(notAsked.getByText('Every network behind the edge is internal')).toBeVisible();
});

test('judged as production the development stack is open, and what the sandbox does not enforce is not passed', async ({
  consolePage: page,
}) => {
  await page.getByRole('button', { name: 'What runs, as production' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Production is not closed: \d critical/);
  const failing = page.getByRole('list', { name: 'What fails' }).getByRole('listitem');
  await expect(failing.first()).toContainText('critical');
  await expect(page.getByText('for-development-only')).toHaveCount(0);
  await page.getByRole('textbox', { name: 'Filter the rules' }).fill('secrets.environment');
  await expect(page.getByText('POSTGRES_PASSWORD (a secret by its name)').first()).toBeVisible();
  await expect(page.getByText('Give it as a file').first()).toBeVisible();
});

test('the files of production are judged without running, what is accepted stands apart with its reason', async ({
  consolePage: page,
}) => {
  await page.goto(address(page.url(), '?judge=files'));
  await expect(page.getByText('docker-compose.prod.yaml').first()).toBeVisible();
  const waived = page.getByRole('list', { name: 'What is waived' });
  await waived.getByText('Images of others are pinned by digest').click();
  await expect(waived.getByText(/^Waived until \d{4}-\d\d-\d\d: A digest is of one registry/)).toBeVisible();
  await expectNoFindingsInBothSchemes(page, address(page.url(), '?judge=files'), () =>
    expect(page.getByRole('table', { name: /bypasses first/ })).toBeVisible(),
  );
});

test('after an event of the engine it is judged again', async ({ console }) => {
  const { client } = console;
  const engine = await findSandboxAddress(client);
  const input = { environment: ENVIRONMENT };
  const before = await firstValue<Posture>(client.api.posture.watch, input, () => true);
  const after = firstValue<Posture>(client.api.posture.watch, input, ({ at }) => at > before.at, 20_000);
  await setContainer(engine, 'vision', 'stop');
  expect((await after).basis).toBe('engine');
  await setContainer(engine, 'vision', 'start');
});
