// From the printed URL to a live console: the sandbox is started, a service is stopped behind its back, and comes back.
import type { Page } from 'playwright/test';
import type { Breaker, Topology } from '../../app/contract/index.ts';
import { expectNoFindings, expectNoFindingsInBothSchemes } from '../fixtures/accessibility.ts';
import { expect, stopTrafficAtTheEnd, test } from '../fixtures/console.ts';
import { ENVIRONMENT, findSandboxAddress, firstValue, gatewayOrigin, setContainer } from '../fixtures/sandbox.ts';

test.describe.configure({ mode: 'serial' });
stopTrafficAtTheEnd();

const openView = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name }).click();

test('nothing has been started before it is asked for', async ({ consolePage: page }) => {
  await expect(page.getByRole('heading', { name: 'What is here' })).toBeVisible();
  await expect(page.getByText('No compose project runs here')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start the sandbox' })).toBeVisible();
  await expect(page).toHaveURL(/\/$/);
  await expectNoFindings(page);
});

test('the sandbox platform starts and shows its 29 services in four networks', async ({
  consolePage: page,
  console,
}) => {
  await page.getByRole('button', { name: 'Start the sandbox' }).click();
  await expect(page).toHaveURL(/\/env\/sandbox~shop-platform\/overview$/, { timeout: 60_000 });
  await expect(page.getByRole('region', { name: 'Verdict' })).toContainText('All is well', { timeout: 20_000 });
  for (const network of ['public', 'backend', 'ai', 'monitoring']) {
    await expect(page.getByRole('region', { name: network, exact: false }).first()).toBeVisible();
  }
  const outside = page.getByRole('region', { name: 'From outside' });
  await expect(outside).toContainText(/nginx.*200 in [\d.]+ ms · stand-in/, { timeout: 15_000 });

  await openView(page, 'Services');
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(30);
  await expect(page.getByRole('row', { name: /postgres.*stand-in/ }).first()).toBeVisible();

  const topology = await firstValue<Topology>(
    console.client.api.stack.topology,
    { environment: ENVIRONMENT },
    () => true,
  );
  expect(topology.services.filter((service) => service.level === 'ok')).toHaveLength(29);
  expect(topology.networks.map((network) => network.name).sort()).toEqual([
    'ai_network',
    'backend_network',
    'monitoring_network',
    'public_network',
  ]);
});

test('demo traffic moves and every route of the platform is listed', async ({ consolePage: page }) => {
  await page.goto(new URL(`/env/${ENVIRONMENT}/routes`, page.url()).href);
  for (const path of [
    '/backend/*',
    '/api/auth/*',
    ...['recommender', 'search', 'pricing', 'chatbot', 'fraud', 'forecasting', 'vision'].map((name) => `/ai/${name}/*`),
  ]) {
    await expect(page.getByText(path, { exact: true }).first()).toBeVisible();
  }
  await page.getByRole('switch', { name: /Demo traffic/ }).click();
  await openView(page, 'Traffic');
  const exchanges = page.getByRole('table', { name: /Exchanges/ }).getByRole('row');
  await expect(exchanges.filter({ hasText: '/api/ai/recommender/' }).first()).toBeVisible({ timeout: 20_000 });
  await expect(exchanges.filter({ hasText: '/api/backend/' }).first()).toBeVisible();
  await expectNoFindings(page);
  // The time before the sandbox was started is hatched.
  await openView(page, 'Overview');
  await expect(page.getByRole('region', { name: 'Requests and errors by route' })).toContainText('not watched');
});

test('a stopped service is down within 2 s, its breaker opens, and the others go on', async ({
  consolePage: page,
  console,
}) => {
  const address = await findSandboxAddress(console.client);
  await page.goto(new URL(`/env/${ENVIRONMENT}/services`, page.url()).href);
  await expect(page.getByRole('row', { name: /recommender/ })).toContainText('healthy');

  const isDown = (topology: Topology) =>
    topology.services.some(({ name, level }) => name === 'recommender' && level === 'down');
  await setContainer(address, 'recommender', 'stop');
  await firstValue<Topology>(console.client.api.stack.topology, { environment: ENVIRONMENT }, isDown, 2_000);
  await expect(page.getByRole('row', { name: /recommender/ })).toContainText('stopped', { timeout: 2_000 });

  await openView(page, 'Breakers');
  await expect(page.getByText(/callers get 503 breaker-open/)).toBeVisible({ timeout: 20_000 });

  const target = await gatewayOrigin(console.client);
  const refused = await fetch(`${target}/api/ai/recommender/user/1/`);
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  expect(await refused.json()).toMatchObject({ code: 'breaker-open', status: 503 });
  expect((await fetch(`${target}/api/ai/search/query/?q=lamp`)).status).toBe(200);
  expect((await fetch(`${target}/api/backend/api/products/`)).status).toBe(200);

  await setContainer(address, 'recommender', 'start');
  await firstValue<Breaker[]>(
    console.client.api.gateway.breakers,
    { environment: ENVIRONMENT },
    (breakers) => breakers.every((breaker) => breaker.state === 'closed'),
    30_000,
  );
  await expect(page.getByText(/callers get 503 breaker-open/)).toBeHidden({ timeout: 10_000 });
  await expect.poll(async () => (await fetch(`${target}/api/ai/recommender/user/1/`)).status).toBe(200);
});

test('a request is explained stage by stage, by the console and by the command line alike', async ({
  consolePage: page,
  console,
}) => {
  await page.goto(new URL(`/env/${ENVIRONMENT}/routes?explain=GET+%2Fapi%2Fai%2Fsearch%2Fquery%2F`, page.url()).href);
  await expect(page.getByText('/query/').first()).toBeVisible();
  const { code, stdout } = await console.run('explain', 'GET', '/api/ai/search/query/', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ route: 'ai-search', rewrittenPath: '/query/', upstream: 'search:8002' });
});

test('a window that opens while the others are busy is let in as soon as one of them answers', async ({
  consolePage: first,
}) => {
  const busy = first.evaluate(() => {
    for (const until = Date.now() + 2_500; Date.now() < until; );
  });
  const second = await first.context().newPage();
  await second.goto(new URL(`/env/${ENVIRONMENT}/routes`, first.url()).href);
  await expect(second.getByRole('banner')).toBeVisible({ timeout: 20_000 });
  await busy;
  await second.close();
});

test('two windows with twenty subscriptions each stay live side by side', async ({ consolePage: first, console }) => {
  const second = await first.context().newPage();
  await second.goto(await console.newUrl());
  await expect(second.getByRole('banner')).toBeVisible();
  const windows = [first, second];
  for (const page of windows) await page.goto(new URL(`/env/${ENVIRONMENT}/traffic`, page.url()).href);

  const { api } = console.client;
  const input = { environment: ENVIRONMENT };
  const counts = new Array<number>(40).fill(0);
  const active = counts.map((_, index) => {
    const onData = () => {
      counts[index] = (counts[index] ?? 0) + 1;
    };
    return index % 2 === 0
      ? api.traffic.watch.subscribe(input, { onData })
      : api.metrics.routes.subscribe(input, { onData });
  });
  await expect.poll(() => Math.min(...counts), { timeout: 20_000 }).toBeGreaterThan(3);
  for (const page of windows) {
    await page.bringToFront();
    const newest = page
      .getByRole('table', { name: /Exchanges/ })
      .getByRole('row')
      .nth(1);
    const before = await newest.textContent();
    await expect(newest).not.toHaveText(before ?? '', { timeout: 5_000 });
  }
  for (const subscription of active) subscription.unsubscribe();
  await second.close();
});

for (const view of ['overview', 'services', 'routes', 'breakers', 'traffic', 'timeline']) {
  test(`${view} has no accessibility findings in dark and in light`, async ({ consolePage: page }) => {
    const address = new URL(`/env/${ENVIRONMENT}/${view}`, page.url()).href;
    await expectNoFindingsInBothSchemes(page, address, () => expect(page.getByRole('table').first()).toBeVisible());
  });
}
