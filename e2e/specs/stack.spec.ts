// What will change, before it does: verbs as plans, read and carried out, on the sandbox.
import type { Page } from 'playwright/test';
import { expectNoFindings, expectNoFindingsInBothSchemes } from '../fixtures/accessibility.ts';
import { expect, test } from '../fixtures/console.ts';
import { callEngine } from '../fixtures/dockerApi.ts';
import { ENVIRONMENT, findSandboxAddress } from '../fixtures/sandbox.ts';

test.describe.configure({ mode: 'serial' });

const open = (page: Page, view: string) => page.goto(new URL(`/env/${ENVIRONMENT}/${view}`, page.url()).href);
const service = (page: Page, name: string) =>
  page.getByRole('row').filter({ has: page.getByText(name, { exact: true }) });

test('the stack says how each service is, and that what its files say is what runs', async ({
  consolePage: page,
  console,
}) => {
  await console.client.api.sandbox.start.mutate();
  await open(page, 'stack');
  const services = page.getByRole('table', { name: 'Services of the stack' });
  await expect(services.getByRole('row')).toHaveCount(30);
  await expect(service(page, 'search')).toContainText('1 of 1');
  await page.getByRole('button', { name: 'Bring up…' }).click();
  await expect(page.getByText('Nothing to do')).toBeVisible();
  await expect(page.getByText('29 services as they should be')).toBeVisible();
  await expect(page.getByText(/^gatehouse up --stack .* --engine sandbox$/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page).not.toHaveURL(/plan=/);
  await page.getByRole('tab', { name: 'Drift' }).click();
  await expect(page.getByText('Nothing that runs differs from the files.')).toBeVisible();
});

test('a service is stopped after its blast radius was read, is seen in Stack, and is brought up again', async ({
  consolePage: page,
}) => {
  await open(page, 'services');
  await page.getByRole('button', { name: 'Verbs of vision' }).click();
  await page.getByRole('menuitem', { name: 'Stop…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Stop vision' });
  await expect(dialog).toContainText(/requests\/s of 1 route end here/);
  await expect(dialog).toContainText('Stops 1 container.');
  await expect(dialog).toContainText(/docker -H unix:\S+ stop shop-platform-vision-1/);
  await expectNoFindings(page);
  await dialog.getByRole('button', { name: 'Stop', exact: true }).click();
  const done = page.getByRole('dialog', { name: 'Stop shop-platform' });
  await expect(done).toContainText('1 of 1 step done', { timeout: 20_000 });
  await page.keyboard.press('Escape');

  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Stack' }).click();
  await expect(service(page, 'vision')).toContainText('stopped');
  await page.getByRole('button', { name: 'Bring up…' }).click();
  await expect(page.getByText(/^Starts 1 container, opens 1 port/)).toBeVisible();
  await page.getByRole('button', { name: 'Bring up', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Bring up shop-platform' })).toContainText('carried out', {
    timeout: 20_000,
  });
  await expect(service(page, 'vision')).toContainText(/starting|healthy/);
});

test('a switch to production is read as a plan, with what stands in its way, and is left', async ({
  consolePage: page,
}) => {
  await open(page, 'stack');
  await page.getByRole('button', { name: 'Switch to prod…' }).click();
  const plan = page.getByRole('region', { name: 'Plan: Switch to prod' });
  await expect(plan.getByRole('heading', { name: /^Containers \d+ to/ })).toBeVisible();
  await expect(plan.getByRole('heading', { name: 'Volumes', exact: true })).toBeVisible();
  await expectNoFindings(page);
  await page.reload();
  await expect(plan.getByRole('heading', { name: /^Containers \d+ to/ })).toBeVisible();
  await plan.getByRole('button', { name: 'Discard' }).click();
  await expect(page).not.toHaveURL(/plan=/);
});

test('what another client began is seen, also after a reload, and can be cancelled', async ({
  consolePage: page,
  console,
}) => {
  const address = await findSandboxAddress(console.client);
  const signal = (name: string) =>
    callEngine(address, 'POST', `/containers/shop-platform-qdrant-1/kill?signal=${name}`);
  // Held still it does not end when it is asked to, and what depends on it is not begun.
  await signal('SIGSTOP');
  const { stack } = console.client.api;
  const { id } = await stack.plan.mutate({
    environment: ENVIRONMENT,
    verb: 'restart',
    services: ['qdrant', 'vision'],
  });
  const result = stack.restart.mutate({ environment: ENVIRONMENT, plan: id });
  await open(page, 'stack');
  const run = page.getByRole('region', { name: 'Restart shop-platform' });
  await expect(run.getByRole('listitem').filter({ hasText: 'shop-platform-vision-1' })).toContainText('waits');
  await page.reload();
  await run.getByRole('button', { name: 'Cancel' }).click();
  await expect(run).toContainText('being cancelled');
  await signal('SIGCONT');
  await expect(run).toContainText('1 of 2 steps done, 1 not begun');
  expect((await result).outcome).toBe('cancelled');
});

test('the files are shown as one project, and how long the stack took to come up', async ({ consolePage: page }) => {
  await open(page, 'stack?tab=config');
  await expect(page.getByLabel(/^Configuration, /)).toContainText('name: shop-platform');
  await page.getByRole('button', { name: 'prod', exact: true }).click();
  await expect(page.getByText(/gatehouse config --mode prod/)).toBeVisible();
  await page.getByRole('tab', { name: 'Boot' }).click();
  await expect(
    page
      .getByRole('list', { name: /order of their start/ })
      .getByRole('listitem')
      .first(),
  ).toBeVisible();
});

test('the stack has no accessibility findings in dark and in light', async ({ consolePage: page }) => {
  const address = new URL(`/env/${ENVIRONMENT}/stack`, page.url()).href;
  await expectNoFindingsInBothSchemes(page, address, () => expect(page.getByRole('table').first()).toBeVisible());
});
