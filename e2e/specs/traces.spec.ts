// Where did the time go? A request that failed is followed to its trace, and from a span of it back to the request.
import { expectNoFindingsInBothSchemes } from '../fixtures/accessibility.ts';
import { expect, stopTrafficAtTheEnd, test } from '../fixtures/console.ts';
import { ENVIRONMENT, findSandboxAddress, setContainer } from '../fixtures/sandbox.ts';

test.describe.configure({ mode: 'serial' });
stopTrafficAtTheEnd();

const address = (base: string, view: string) => new URL(`/env/${ENVIRONMENT}/${view}`, base).href;

test('a request that failed leads to its trace, and a span of it back to the request', async ({
  consolePage: page,
  console,
}) => {
  await console.client.api.sandbox.start.mutate();
  const engine = await findSandboxAddress(console.client);
  await setContainer(engine, 'search', 'stop');
  await console.client.api.demo.start.mutate({ environment: ENVIRONMENT, requestsPerSecond: 20, seconds: 600 });
  await page.goto(address(page.url(), 'traffic?filter=status:5xx+route:ai-search'));
  const failed = page.getByRole('row', { name: /\b50[234]\b/ }).first();
  await failed.click({ timeout: 30_000 });
  const exchange = page.getByRole('region', { name: 'The selected exchange' });
  await exchange.getByRole('link', { name: 'Its trace' }).click();

  const spans = page.getByRole('treegrid', { name: 'Spans' });
  const root = spans.getByRole('row', { name: /failed/ }).first();
  await expect(root).toContainText('/api/ai/search');
  await root.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('complementary').getByRole('link', { name: 'This request' }).click();
  await expect(page).toHaveURL(/\/traffic\?filter=trace:[0-9a-f]{32}&exchange=/);
  await expect(exchange).toContainText('/api/ai/search');
  await setContainer(engine, 'search', 'start');
});

test('traces are searched by words and points, and by the command line, without findings', async ({
  consolePage: page,
  console,
}) => {
  const table = page.getByRole('table', { name: 'Traces, newest first' });
  await expectNoFindingsInBothSchemes(page, address(page.url(), 'traces?filter=error'), () =>
    expect(table.getByRole('row').nth(1)).toBeVisible({ timeout: 30_000 }),
  );
  await expect(page.getByText('jaeger is a stand-in here')).toBeVisible();
  await table.getByRole('row').nth(1).click();
  await expect(page.getByRole('treegrid', { name: 'Spans' })).toBeVisible();
  const id = new URL(page.url()).searchParams.get('trace') ?? '';
  const { code, stdout } = await console.run('trace', id);
  expect([code, stdout.split('\n')[0]]).toEqual([0, expect.stringContaining(`trace ${id}`)]);
});
