// The same thread on a real engine, in production: found by its labels, opened locked, operated through the relay.
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { test as base, expect, type Page } from 'playwright/test';
import { docker, HAS_ENGINE, SERVER_NAME, type Stack, startStack } from '../../resources/platform/test/engine.ts';
import { type RunningConsole, startConsole } from '../fixtures/startConsole.ts';

interface Production {
  stack: Stack;
  console: RunningConsole;
  /** The status of a GET through nginx on 443. */
  get(path: string): Promise<{ status: number; body: string; retryAfter: string | undefined }>;
}

const test = base.extend<{ openPage: Page }, { production: Production }>({
  production: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern
    async ({}, use) => {
      const stack = await startStack('prod');
      const authority = readFileSync(join(stack.folder, 'nginx/certificates/ca.crt'));
      const started = await startConsole('docker');
      await use({ stack, console: started.console, get: (path) => getOverTls(authority, path) });
      await started.stop();
      await stack.down();
    },
    { scope: 'worker', timeout: 300_000 },
  ],
  openPage: async ({ page, production }, use) => {
    await page.goto(await production.console.newUrl());
    await expect(page.getByRole('banner')).toBeVisible();
    await use(page);
  },
});

test.skip(!HAS_ENGINE, 'needs a Docker engine; run eval "$(.ci/engine/up)" and set GATEHOUSE_TEST_ENGINE=1');
test.describe.configure({ mode: 'serial' });

function getOverTls(
  ca: Buffer,
  path: string,
): Promise<{ status: number; body: string; retryAfter: string | undefined }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: 443, servername: SERVER_NAME, path, ca }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      const retryAfter = response.headers['retry-after'];
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body, retryAfter }));
    })
      .on('error', reject)
      .end();
  });
}

const openView = (page: Page, { stack, console }: Production, view: string) =>
  page.goto(new URL(`/env/docker~${stack.project}/${view}`, console.origin).href);

test('the running project is found and opens locked', async ({ openPage: page }) => {
  await expect(page.getByText('gatehouse-test-prod').first()).toBeVisible();
  await page
    .getByRole('link', { name: /gatehouse-test-prod/ })
    .first()
    .click();
  await expect(page).toHaveURL(/docker~gatehouse-test-prod/);
  await expect(page.getByRole('banner')).toContainText(/locked/i);
  await expect(page.getByRole('switch', { name: /Demo traffic/ })).toHaveCount(0);
});

test('every service of production is seen, healthy, on its networks', async ({ openPage: page, production }) => {
  const names = (await production.stack.compose('ps', '--services')).split('\n');
  await openView(page, production, 'services');
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(names.length + 1);
  for (const name of names) {
    await expect(
      page
        .getByRole('row')
        .filter({ has: page.getByText(name, { exact: true }) })
        .first(),
    ).toContainText('healthy');
  }
});

test('the gateway that publishes nothing is operated through the relay', async ({ openPage: page, production }) => {
  await openView(page, production, 'routes');
  await expect(page.getByText('ai-recommender').first()).toBeVisible({ timeout: 20_000 });
  await openView(page, production, 'traffic');
  await expect(page.getByRole('banner')).toContainText('1 of 1');
  expect((await production.get('/api/ai/search/query/?q=lamp')).status).toBe(200);
  await expect(page.getByRole('row', { name: /query\/\?q=lamp/ }).first()).toBeVisible();
});

test('a stopped service is down within 2 s, its breaker opens, and it comes back', async ({
  openPage: page,
  production,
}) => {
  const container = `${production.stack.project}-recommender-1`;
  await openView(page, production, 'services');
  const row = page.getByRole('row', { name: /recommender/ });
  await expect(row).toContainText('healthy');
  await docker('stop', '--time', '1', container);
  await expect(row).toContainText('stopped', { timeout: 2_000 });

  const ask = () => production.get('/api/ai/recommender/user/1/');
  await expect.poll(async () => (await ask()).status, { timeout: 30_000, intervals: [300] }).toBe(503);
  const refused = await ask();
  expect(JSON.parse(refused.body)).toMatchObject({ code: 'breaker-open' });
  expect(refused.retryAfter).toMatch(/^[1-9]\d*$/);
  expect((await production.get('/api/ai/search/query/?q=lamp')).status).toBe(200);
  await openView(page, production, 'breakers');
  await expect(page.getByText(/callers get 503 breaker-open/)).toBeVisible();

  await docker('start', container);
  await expect.poll(async () => (await ask()).status, { timeout: 60_000, intervals: [1_000] }).toBe(200);
  // A half-open breaker closes on its trials, and trials are requests: production has no demo traffic.
  const countTripped = async () => {
    await ask();
    return page.getByText(/callers get 503 breaker-open/).count();
  };
  await expect.poll(countTripped, { timeout: 30_000, intervals: [500] }).toBe(0);
});

test('the command line sees the same', async ({ production }) => {
  const { code, stdout } = await production.console.run('status', '--json');
  expect({ code, level: JSON.parse(stdout).verdict.level }).toEqual({ code: 0, level: 'ok' });
});
