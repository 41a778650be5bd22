// Who talks to whom: drawn from a real sandbox, in trouble, and while its engine is gone.
import { execFileSync } from 'node:child_process';
import type { Page } from 'playwright/test';
import { expectNoFindingsInBothSchemes } from '../fixtures/accessibility.ts';
import { expect, stopTrafficAtTheEnd, test } from '../fixtures/console.ts';
import { ENVIRONMENT, findSandboxAddress, setContainer } from '../fixtures/sandbox.ts';

test.describe.configure({ mode: 'serial' });
stopTrafficAtTheEnd();

const open = (page: Page, view: string) => page.goto(new URL(`/env/${ENVIRONMENT}/${view}`, page.url()).href);
const service = (page: Page, name: string) => page.locator(`[data-service="${name}"]`);
const edge = (page: Page, from: string, to: string) =>
  page.getByRole('img', { name: new RegExp(`^${from} to ${to}: `) });

/** Where each service is drawn, by name. */
const readPlaces = (page: Page) =>
  page.locator('[data-service]').evaluateAll((nodes) =>
    Object.fromEntries(
      nodes.map((node) => {
        const { x, y } = node.getBoundingClientRect();
        return [node.getAttribute('data-service'), `${Math.round(x)} ${Math.round(y)}`];
      }),
    ),
  );

test('the platform is drawn: each service once, in the box of its network, laid out in a worker of our own origin', async ({
  consolePage: page,
  console,
}) => {
  const refused: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') refused.push(message.text());
  });
  await console.client.api.sandbox.start.mutate();
  await console.client.api.demo.start.mutate({ environment: ENVIRONMENT, requestsPerSecond: 20, seconds: 600 });
  await open(page, 'topology');
  await expect(page.locator('[data-service]')).toHaveCount(29);
  for (const network of ['public_network', 'backend_network', 'ai_network', 'monitoring_network']) {
    await expect(page.getByText(network, { exact: true })).toBeVisible();
  }
  // What processes on loopback cannot enforce is not passed off as enforced.
  await expect(page.getByText('isolation not enforced here')).toHaveCount(4);
  await expect(service(page, 'redis')).toContainText('stand-in');
  expect(page.workers().map((worker) => new URL(worker.url()).origin)).toEqual([console.origin]);
  expect(refused).toEqual([]);
});

test('routes are measured, the rest is only declared', async ({ consolePage: page }) => {
  await open(page, 'topology');
  await expect(service(page, 'search')).toContainText(/\d\/s · p95/, { timeout: 20_000 });
  await expect(edge(page, 'api_gateway', 'search')).toHaveAccessibleName(/\d\/s/);
  await expect(edge(page, 'nginx', 'api_gateway')).toHaveAccessibleName(/declared only/);
  // CPU and memory come from the engine.
  await expect(service(page, 'celery_worker')).toContainText(/\d % · \d+ MB/);
});

test('found services stand out, others can be hidden, and the address keeps it', async ({ consolePage: page }) => {
  await open(page, 'topology');
  await expect(page.locator('[data-service]')).toHaveCount(29);
  await page.keyboard.press('/');
  await page.keyboard.type('net:ai kind:store');
  await expect(page.getByText('3 of 29 found')).toBeVisible();
  await expect(page.locator('[data-service][data-faded]')).toHaveCount(26);
  await page.getByRole('button', { name: 'Hide others' }).click();
  await expect(page.locator('[data-service]')).toHaveCount(3);
  await page.reload();
  await expect(page.locator('[data-service]')).toHaveCount(3);
  const find = page.getByRole('combobox', { name: 'Find services' });
  await find.press('Escape');
  await find.fill('p95>fast');
  await expect(page.getByText('p95 takes a number, for example p95>300ms')).toBeVisible();
  await expect(page.locator('[data-service]')).toHaveCount(29);
});

test('the keyboard walks from neighbour to neighbour, opens one and leaves it', async ({ consolePage: page }) => {
  await open(page, 'topology');
  await service(page, 'nginx').focus();
  await page.keyboard.press('ArrowRight');
  await expect(service(page, 'api_gateway')).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/service=nginx/);
  await expect(page.getByRole('region', { name: /nginx/ })).toContainText('Engine says');
  await page.keyboard.press('Escape');
  await expect(page).not.toHaveURL(/service=/);
});

test('the table says the same', async ({ consolePage: page }) => {
  await open(page, 'topology');
  await page.getByRole('button', { name: 'As table' }).click();
  await expect(page.getByRole('table', { name: 'Topology' })).toHaveAttribute('aria-rowcount', '30');
  await expect(page).toHaveURL(/as=table/);
});

test('a stopped service is seen at once with its breaker, and no other one moves', async ({
  consolePage: page,
  console,
}) => {
  const address = await findSandboxAddress(console.client);
  await open(page, 'topology');
  await expect(page.locator('[data-service]')).toHaveCount(29);
  await expect(service(page, 'search')).toHaveAttribute('data-level', 'ok');
  const before = await readPlaces(page);
  await setContainer(address, 'search', 'stop');
  await expect(service(page, 'search')).toHaveAttribute('data-level', 'down', { timeout: 2_000 });
  await expect(edge(page, 'api_gateway', 'search').locator('[data-state="open"]')).toBeVisible({ timeout: 20_000 });
  await page
    .getByRole('button', { name: /^down search/ })
    .last()
    .click();
  await expect(page.getByRole('region', { name: /search/ })).toContainText(/its breaker is open since/);
  expect(await readPlaces(page)).toEqual(before);
  await setContainer(address, 'search', 'start');
  await expect(service(page, 'search')).toHaveAttribute('title', /healthy/, { timeout: 20_000 });
  // What callers got in the last minute keeps it degraded for as long; its breaker closes at once.
  await expect(edge(page, 'api_gateway', 'search').locator('[data-state]')).toHaveCount(0, { timeout: 30_000 });
  expect(await readPlaces(page)).toEqual(before);
});

for (const [what, view] of Object.entries({ picture: 'topology?service=search', table: 'topology?as=table' })) {
  test(`the ${what} has no accessibility findings in dark and in light`, async ({ consolePage: page }) => {
    const address = new URL(`/env/${ENVIRONMENT}/${view}`, page.url()).href;
    const drawn = page.locator('[data-service], table').first();
    await expectNoFindingsInBothSchemes(page, address, () => expect(drawn).toBeVisible());
  });
}

test('an engine that is killed is said to be gone on every view within 2 s, nothing is shown as empty, and all comes back by itself', async ({
  consolePage: first,
  console,
}) => {
  const address = await findSandboxAddress(console.client);
  // Six windows that draw traffic take all of a small machine by themselves.
  await console.client.api.demo.stop.mutate({ environment: ENVIRONMENT });
  const views = ['overview', 'topology', 'traffic', 'breakers', 'services', 'routes'];
  const pages = await Promise.all(
    views.map(async (view) => {
      const page = await first.context().newPage();
      await page.goto(new URL(`/env/${ENVIRONMENT}/${view}`, first.url()).href);
      await expect(page.getByRole('banner')).toContainText('gateway');
      return page;
    }),
  );
  const of = (view: string) => pages[views.indexOf(view)] as Page;
  // Six windows that open at once take their time on a small machine; what is measured comes after.
  await expect(of('topology').locator('[data-service]')).toHaveCount(29, { timeout: 30_000 });
  await expect(of('services').getByRole('row')).toHaveCount(30, { timeout: 30_000 });

  const told = pages.map(observeEngineLost);
  await Promise.all(pages.map((page) => page.evaluate('0')));
  const killedAt = Date.now();
  process.kill(findEngineProcess(address), 'SIGKILL');
  const afterMs = (await Promise.all(told)).map((at) => at - killedAt);
  // An operator looks at one window; that six of them draw it at the same moment is paid for by all of them.
  expect(Math.min(...afterMs), 'ms until the first window says so').toBeLessThan(2_000);
  for (const [index, ms] of afterMs.entries()) expect(ms, `ms until ${views[index]} says so`).toBeLessThan(5_000);
  for (const page of pages) {
    await expect(page.getByRole('status').filter({ hasText: 'Engine lost' })).toBeVisible();
  }
  await expect(of('overview').getByRole('region', { name: 'Verdict' })).toContainText('Unknown');
  await expect(of('topology').locator('[data-service][data-level="unknown"]')).toHaveCount(29);
  await expect(of('topology').getByRole('region', { name: 'Services by network' })).toContainText(/\d+ s old/);
  await expect(of('services').getByRole('row')).toHaveCount(30);
  await expect(of('services').getByRole('region', { name: 'Containers by service' })).toContainText(/\d+ s old/);
  await expect(of('routes').getByRole('table')).toContainText('/ai/search/*');

  await first.goto(new URL('/', first.url()).href);
  await first.getByRole('button', { name: /Start the sandbox/ }).click();
  for (const page of pages) {
    await expect(page.getByText('Engine lost')).toHaveCount(0, { timeout: 30_000 });
  }
  await expect(of('topology').locator('[data-service]:not([data-level="ok"])')).toHaveCount(0, { timeout: 60_000 });
  await expect(of('topology').getByRole('region', { name: 'Services by network' })).not.toContainText('old');
  await expect(of('breakers').getByRole('table')).toContainText('closed');
  for (const page of pages) await page.close();
});

/** When the page drew it, on its own clock: asking again and again, in ever longer steps, would tell up to 1 s late. */
const observeEngineLost = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const observer = new MutationObserver(() => {
          const isTold = [...document.querySelectorAll('[role="status"]')].some((status) =>
            status.textContent?.includes('Engine lost'),
          );
          if (!isTold) return;
          observer.disconnect();
          resolve(Date.now());
        });
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
      }),
  );

/** The process that serves this very socket, which lies in a runtime folder of this console's own. */
function findEngineProcess(address: string): number {
  const socketPath = address.replace(/^unix:\/\//, '');
  const pid = Number(execFileSync('pgrep', ['-f', `sandbox --socket ${socketPath}`], { encoding: 'utf8' }).trim());
  if (!Number.isInteger(pid) || pid <= 1) throw new Error(`no process serves ${socketPath}`);
  return pid;
}
