// Where did the time go? A request that failed is followed to its trace, and from a span of it back to the request.
import { expectNoFindingsInBothSchemes } from '../fixtures/accessibility.ts';
import { expect, stopTrafficAtTheEnd, test } from '../fixtures/console.ts';
import { ENVIRONMENT, findSandboxAddress, setContainer } from '../fixtures/sandbox.ts';
import { startConsole } from '../fixtures/startConsole.ts';
import { WINDOW } from '../fixtures/window.ts';

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
  const exchange = page.getByRole('region', { name: 'The selected exchange' });
  const goTo = exchange.getByRole('button', { name: 'Go to' });
  // Rows move while others come, and one that is left of an earlier gateway has no exchange any more.
  await expect(async () => {
    await page.goto(address(page.url(), 'traffic?filter=status:5xx+route:ai-search'));
    await page
      .getByRole('row', { name: /\b50[234]\b/ })
      .first()
      .click({ timeout: 10_000 });
    await expect(goTo).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 60_000 });
  await goTo.click();
  await page.getByRole('menuitem', { name: 'Its trace' }).click();

  const spans = page.getByRole('treegrid', { name: 'Spans' });
  const root = spans.getByRole('row', { name: /failed/ }).first();
  await expect(root).toContainText('/api/ai/search');
  await root.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('complementary').getByRole('link', { name: 'This request' }).click();
  await expect(page).toHaveURL(/\/traffic\?filter=trace:[0-9a-f]{32}&exchange=/);
  await expect(exchange).toContainText('/api/ai/search');
});

test('a red edge leads to the lines of its moment, one of them to the charts, and a point of a chart back to lines', async ({
  consolePage: page,
  console,
}) => {
  await page.goto(address(page.url(), 'topology'));
  const edge = page.getByRole('img', { name: /^api_gateway to search: / });
  await edge.locator('[data-state="open"]').click({ timeout: 20_000 });
  const goTo = page.getByRole('button', { name: 'Go to' });
  const linesThen = page.getByRole('menuitem', { name: 'Log lines then' });
  await goTo.click();
  await linesThen.click();
  await expect(page).toHaveURL(/\/logs\?services=search&from=\d+&to=\d+&at=\d+$/);
  await page.getByRole('region', { name: 'Log lines' }).locator('[data-level]').first().click();
  const line = page.getByRole('region', { name: 'The selected line' });
  await line.getByRole('link', { name: 'Metrics then' }).click();
  await expect(page).toHaveURL(/\/metrics\?range=15m&until=\d+$/);

  const errors = page.getByRole('region', { name: 'Errors that callers got, by route' });
  await errors.locator('svg').first().hover();
  // What is under the pointer is known a moment after it came.
  await expect(async () => {
    await errors.locator('svg').first().click();
    await expect(errors.getByRole('button', { name: 'Go to' })).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 10_000 });
  await errors.getByRole('button', { name: 'Go to' }).click();
  await linesThen.click();
  await expect(page).toHaveURL(/\/logs\?from=\d+&to=\d+&at=\d+$/);
  await setContainer(await findSandboxAddress(console.client), 'search', 'start');
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

test('where nobody keeps traces the host listens when it is told to, and shows what it is sent', async ({
  browser,
  console,
}) => {
  // The engine of the sandbox as any other one: what stands in for Jaeger there is none, and the host listens for nothing.
  const engine = await findSandboxAddress(console.client);
  const other = await startConsole('docker', { DOCKER_HOST: engine });
  const context = await browser.newContext(WINDOW);
  try {
    const page = await context.newPage();
    await page.goto(await other.console.newUrl());
    await expect(page.getByRole('banner')).toBeVisible();
    const environment = 'docker~shop-platform';
    await other.console.client.api.environment.unlock.mutate({ environment, reason: 'to listen', minutes: 5 });
    await page.goto(new URL(`/env/${environment}/traces`, other.console.origin).href);
    await page.getByRole('button', { name: 'Listen for spans' }).click();
    await expect(page.getByText(/listening at http:\/\/127\.0\.0\.1:4318/)).toBeVisible();
    const sent = await fetch('http://127.0.0.1:4318/v1/traces', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(toExport('GET /listened')),
    });
    expect(sent.status).toBe(200);
    const table = page.getByRole('table', { name: 'Traces, newest first' });
    await expect(table.getByRole('row', { name: /GET \/listened/ })).toBeVisible();
    await page.getByRole('button', { name: 'Stop listening, forget them' }).click();
    await expect(page.getByRole('button', { name: 'Listen for spans' })).toBeVisible();
  } finally {
    await context.close();
    await other.stop();
  }
});

/** One span of a program, as OTLP writes it. */
function toExport(name: string): object {
  const at = Date.now() - 100;
  const span = {
    ...{ traceId: 'c0ffee'.padEnd(32, '0'), spanId: 'c0ffee'.padEnd(16, '0'), name, kind: 2 },
    startTimeUnixNano: `${at}000000`,
    endTimeUnixNano: `${at + 20}000000`,
  };
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'till' } }] };
  return { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] };
}
