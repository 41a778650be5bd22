// The frame: settings that hold everywhere, what is copied, and the way from a red edge to everything else.
import type { Page } from 'playwright/test';
import { expectNoFindingsInBothSchemes } from '../fixtures/accessibility.ts';
import { expect, stopTrafficAtTheEnd, test } from '../fixtures/console.ts';
import { ENVIRONMENT, findSandboxAddress, setContainer } from '../fixtures/sandbox.ts';

test.describe.configure({ mode: 'serial' });
stopTrafficAtTheEnd();

const address = (page: Page, view: string) => new URL(`/env/${ENVIRONMENT}/${view}`, page.url()).href;

test('times are UTC or local, in every view at once, and settings have no findings', async ({
  consolePage: page,
  console,
}) => {
  await console.client.api.sandbox.start.mutate();
  await console.client.api.demo.start.mutate({ environment: ENVIRONMENT, requestsPerSecond: 20, seconds: 600 });
  await expectNoFindingsInBothSchemes(page, address(page, 'settings?part=stacks'), () =>
    expect(page.getByRole('table', { name: 'Stacks' })).toContainText('shop-platform'),
  );
  await page.getByRole('tab', { name: 'Appearance' }).click();
  await page.getByRole('radio', { name: /clock of this machine/ }).check();
  await expect(page.getByRole('button', { name: /^Times are in UTC[+-]/ })).toHaveText('local');
  await page.goto(address(page, 'timeline'));
  await expect(page.getByRole('columnheader', { name: 'Time, local' })).toBeVisible();
  await page.getByRole('button', { name: /^Times are in/ }).click();
  await expect(page.getByRole('columnheader', { name: 'Time, UTC' })).toBeVisible();
});

test('a stack is found in the first chip with its verdict, and its gateway in the settings', async ({
  consolePage: page,
}) => {
  await page.getByRole('button', { name: 'shop-platform' }).click();
  await expect(page.getByRole('menuitem', { name: /shop-platform.*SANDBOX.*open/ })).toContainText(
    /All is well|Starting|Degraded|Running/,
  );
  await page.keyboard.press('Escape');
  await page.goto(address(page, 'settings?part=gateway'));
  await expect(page.getByRole('table', { name: 'Replicas of the gateway' })).toContainText(
    'its socket on this machine',
  );
});

test('a red edge leads to the route and on to the metrics of that moment; overview is copied as Markdown', async ({
  consolePage: page,
  console,
}) => {
  const engine = await findSandboxAddress(console.client);
  await setContainer(engine, 'recommender', 'stop');
  await page.goto(address(page, 'topology?find=health:down+or+breaker:open&service=recommender'));
  await expect(page.locator('[data-service="recommender"]')).not.toHaveAttribute('data-faded');
  await page.getByRole('button', { name: 'Possible paths' }).click();
  await expect(page.getByRole('img', { name: /past the gateway/ }).first()).toBeVisible({ timeout: 15_000 });

  await page.getByRole('button', { name: 'Go to' }).click();
  await page.getByRole('menuitem', { name: /^Route / }).click();
  await expect(page).toHaveURL(/routes[?]route=/);
  await page.getByRole('button', { name: 'Go to' }).click();
  await expect(page.getByRole('menuitem', { name: 'Breaker of recommender' })).toBeVisible();
  await page.getByRole('menuitem', { name: 'Metrics then' }).click();
  await expect(page).toHaveURL(/metrics[?]range=5m&until=\d+/);

  await page.goto(address(page, 'overview'));
  await page.evaluate(() => {
    navigator.clipboard.writeText = async (text) => {
      document.title = text;
    };
  });
  await page.getByRole('region', { name: 'Routes' }).getByRole('button', { name: 'Copy as Markdown' }).click();
  await expect(page).toHaveTitle(/[*][*]Routes: .* seen by Gatehouse .*\| route \|.*gatehouse routes/);
  await setContainer(engine, 'recommender', 'start');
});
