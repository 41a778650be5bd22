// The gateway operated while it runs: a breaker held and let go, its configuration changed badly, well, and back.
import type { Locator, Page } from 'playwright/test';
import type { Exchange, TrafficBatch } from '../../app/contract/index.ts';
import { expectNoFindings, expectNoFindingsInBothSchemes } from '../fixtures/accessibility.ts';
import { expect, test } from '../fixtures/console.ts';
import { ENVIRONMENT, firstValue, gatewayOrigin } from '../fixtures/sandbox.ts';
import type { RunningConsole } from '../fixtures/startConsole.ts';

test.describe.configure({ mode: 'serial' });

const input = { environment: ENVIRONMENT };
const address = (page: Page, view: string) => new URL(`/env/${ENVIRONMENT}/${view}`, page.url()).href;

async function statusOf(origin: string, path: string): Promise<number> {
  const answer = await fetch(origin + path);
  await answer.text();
  return answer.status;
}

/** Where requests of a path end, as the tap of the gateway says it. */
async function upstreamOf({ client }: RunningConsole, path: string): Promise<string | null> {
  const isOf = (exchange: Exchange) => exchange.path === path;
  const { exchanges } = await firstValue<TrafficBatch>(client.api.traffic.watch, { ...input, backfill: 500 }, (batch) =>
    batch.exchanges.some(isOf),
  );
  return exchanges.findLast(isOf)?.upstream ?? null;
}

async function write(editor: Locator, text: string): Promise<void> {
  await editor.click();
  await editor.press('Control+A');
  await editor.page().keyboard.insertText(text);
}

test('a breaker is forced open after its routes were read, and undone', async ({ consolePage: page, console }) => {
  await console.client.api.sandbox.start.mutate();
  const origin = await gatewayOrigin(console.client);
  await page.goto(address(page, 'breakers'));
  await page.getByRole('button', { name: 'Hold or reset vision' }).click();
  const dialog = page.getByRole('dialog', { name: 'Take vision in hand' });
  await expect(dialog).toContainText('ai-vision');
  await expect(dialog).toContainText('gatehouse breakers open vision --for 5m');
  await expectNoFindings(page);
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('bad build');
  await dialog.getByRole('button', { name: 'Force open' }).click();

  const held = page.getByRole('list', { name: 'What is held' });
  await expect(held).toContainText('vision is held open');
  await expect(held).toContainText('bad build');
  await expect(held).toContainText(/4 min \d\d s left/);
  expect(await statusOf(origin, '/ai/vision/health')).toBe(503);
  await held.getByRole('button', { name: 'Undo: vision is held open' }).click();
  await expect(held).toHaveCount(0);
  expect(await statusOf(origin, '/ai/vision/health')).toBe(200);
});

test('a configuration is refused with its line, then moves the traffic without losing a request', async ({
  consolePage: page,
  console,
}) => {
  const origin = await gatewayOrigin(console.client);
  const { text } = await console.client.api.gateway.config.query(input);
  const moved = (text ?? '').replace(/(id: ai-vision[\s\S]*?upstream: )vision/, '$1pricing');
  expect(moved).not.toBe(text);
  await page.goto(address(page, 'routes?tab=configuration'));
  const editor = page.getByRole('textbox', { name: 'Configuration of the gateway, in YAML' });
  await write(editor, moved.replace('upstream: pricing', 'upstream: prices'));
  const problems = page.getByRole('list', { name: 'Problems' });
  await expect(problems).toContainText(/line \d+, column \d+/);
  await expect(problems).toContainText('prices');
  await expect(page.getByRole('button', { name: 'Compare and apply' })).toBeDisabled();

  await write(editor, moved);
  await expect(page.getByText('Every replica would take it.')).toBeVisible();
  // An edit outlives a reload.
  await page.reload();
  await expect(page.getByText('Every replica would take it.')).toBeVisible();
  await page.getByRole('button', { name: 'Compare and apply' }).click();
  await expect(page.getByRole('list', { name: 'Consequences' })).toContainText('Route ai-vision changes');
  await expectNoFindings(page);

  let isApplying = true;
  const statuses: number[] = [];
  const asking = (async () => {
    for (let count = 0; isApplying && count < 2000; count++) statuses.push(await statusOf(origin, '/ai/vision/health'));
  })();
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await expect(page.getByText('This is what runs.')).toBeVisible();
  isApplying = false;
  await asking;
  expect(statuses.length).toBeGreaterThan(3);
  expect(new Set(statuses)).toEqual(new Set([200]));
  await statusOf(origin, '/ai/vision/health?moved');
  expect(await upstreamOf(console, '/ai/vision/health?moved')).toBe('pricing:8003');
});

test('what runs is said not to be its file, with a patch, and is rolled back after its difference', async ({
  consolePage: page,
  console,
}) => {
  const origin = await gatewayOrigin(console.client);
  await expect(page.getByText(/What runs is not what \S+gateway.yaml says/)).toBeVisible();
  await page.getByRole('button', { name: 'Patch…' }).click();
  await expect(page.getByRole('region', { name: 'Patch' })).toContainText('+    upstream: pricing');
  await page.keyboard.press('Escape');
  const history = page.getByRole('table', { name: 'Configurations, newest first' });
  await expect(history.getByRole('row').nth(1)).toContainText('console');
  await history.getByRole('row').nth(2).click();
  await page.getByRole('button', { name: 'Roll back' }).click();
  await expect(page.getByText(/What runs is not what/)).toHaveCount(0);
  await statusOf(origin, '/ai/vision/health?back');
  expect(await upstreamOf(console, '/ai/vision/health?back')).toBe('vision:8007');
  const read = await console.run('gateway', 'config', 'history', '--environment', ENVIRONMENT);
  expect(read.stdout).toContain('rollback');
  await expectNoFindingsInBothSchemes(page, address(page, 'routes?tab=configuration'), () =>
    expect(page.getByText('This is what runs.')).toBeVisible(),
  );
});

test('a request is sent again, marked in the table, and compared with the first', async ({
  consolePage: page,
  console,
}) => {
  const origin = await gatewayOrigin(console.client);
  await statusOf(origin, '/ai/pricing/health?first');
  await page.goto(address(page, 'traffic?filter=first'));
  const table = page.getByRole('table', { name: 'Exchanges, newest first' });
  await table.getByText('/ai/pricing/health?first').first().click();
  await page.getByRole('button', { name: 'Replay…' }).click();
  await page.getByRole('button', { name: 'Send it again' }).click();
  await expect(page.getByText('Answered with 200')).toBeVisible();
  await expect(page.getByText('Replay of')).toBeVisible();
  await expect(table.getByText('replay', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Compare with…' }).click();
  await table.getByText('/ai/pricing/health?first').nth(1).click();
  await expect(page.getByRole('region', { name: 'Two exchanges compared' })).toContainText('x-gatehouse-replay');
});
