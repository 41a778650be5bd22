// Reach what is closed: a port that nothing publishes, opened from the drawer of its service, and a terminal beside it.
import type { Forward } from '../../app/contract/index.ts';
import { expectNoFindings } from '../fixtures/accessibility.ts';
import { expect, test } from '../fixtures/console.ts';
import { ENVIRONMENT, findSandboxAddress, firstValue } from '../fixtures/sandbox.ts';

test.describe.configure({ mode: 'serial' });

const address = (base: string, tab: string) =>
  new URL(`/env/${ENVIRONMENT}/services?service=search&tab=${tab}`, base).href;

test('a port that is not published is opened from its service, answers, and is closed again', async ({
  consolePage: page,
  console,
}) => {
  await console.client.api.sandbox.start.mutate();
  await findSandboxAddress(console.client);
  await page.goto(address(page.url(), 'ports'));
  const drawer = page.getByRole('complementary', { name: 'search' });
  await drawer.getByLabel('Another port').fill('8002');
  await drawer.getByRole('button', { name: 'Open', exact: true }).last().click();
  const row = drawer.getByRole('list', { name: 'Open ports of search' }).getByRole('listitem');
  await expect(row).toContainText('open, through api_gateway');
  const [forward] = await firstValue<Forward[]>(
    console.client.api.forwards.watch,
    { environment: ENVIRONMENT },
    (list) => list.length === 1,
  );
  expect((await fetch(`http://127.0.0.1:${forward?.localPort}/health`)).status).toBe(200);
  await expect(row).toContainText('1 so far');
  await expectNoFindings(page);

  await page.getByRole('button', { name: '1 open port' }).click();
  const dialog = page.getByRole('dialog', { name: 'Open ports' });
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
  await expect(dialog).toContainText('closed, it was closed');
  await page.keyboard.press('Escape');
  await expect(fetch(`http://127.0.0.1:${forward?.localPort}/health`)).rejects.toThrow();
});

test('a terminal in its container answers what is typed, and ends with its tab', async ({ consolePage: page }) => {
  await page.goto(address(page.url(), 'terminal'));
  await page.getByRole('button', { name: 'Open the terminal' }).click();
  const terminal = page.getByRole('region', { name: 'Terminal in shop-platform-search-1' });
  await expect(terminal).toContainText('/bin/sh in shop-platform-search-1');
  await page.keyboard.type('echo reached "$"');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('from here');
  await page.keyboard.press('Enter');
  await expect(terminal.locator('.xterm-rows')).toContainText('reached from here');
  await expectNoFindings(page);
  await page.keyboard.type('exit 3');
  await page.keyboard.press('Enter');
  await expect(terminal).toContainText('Ended with exit code 3');
});
