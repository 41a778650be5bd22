// What did they say? From all lines to the one that matters, to its trace, and on over a restart.
import { expectNoFindingsInBothSchemes } from '../fixtures/accessibility.ts';
import { expect, test } from '../fixtures/console.ts';
import { ENVIRONMENT, findSandboxAddress, gatewayOrigin, setContainer } from '../fixtures/sandbox.ts';

test.describe.configure({ mode: 'serial' });

const address = (base: string, search = '') => new URL(`/env/${ENVIRONMENT}/logs${search}`, base).href;

test('from the lines of all services to a failing one by level and search, and to the others of its trace', async ({
  consolePage: page,
  console,
}) => {
  const { client } = console;
  await client.api.sandbox.start.mutate();
  await findSandboxAddress(client);
  expect((await fetch(`${await gatewayOrigin(client)}/api/ai/search/no-such-page/`)).status).toBe(404);
  const lines = page.getByRole('region', { name: 'Log lines' });
  await expectNoFindingsInBothSchemes(page, address(page.url()), () =>
    expect(lines.getByText('search', { exact: true }).first()).toBeVisible({ timeout: 20_000 }),
  );

  await page.getByRole('button', { name: 'warn', exact: true }).click();
  await page.getByRole('textbox', { name: 'Search the log' }).fill('/NO-SUCH');
  await expect(page).toHaveURL(/level=warn&q=\/NO-SUCH/);
  // The gateway may have written a line of it, too.
  const ofSearch = lines.locator('[data-level]', { has: page.getByTitle('shop-platform-search-1') });
  await ofSearch.locator('mark').first().click();
  const detail = page.getByRole('region', { name: 'The selected line' });
  await expect(detail).toContainText('warn · stdout · shop-platform-search-1');
  await detail.getByRole('button', { name: 'Lines around it' }).click();
  await expect(detail.getByRole('region', { name: /^Lines of shop-platform-search-1/ })).toContainText(
    'GET /no-such-page/ 404',
  );
  await detail.getByRole('button', { name: 'Only this trace' }).click();
  await expect(page).toHaveURL(/\/logs\?trace=[0-9a-f]{32}$/);
  const line = lines.getByText('GET /no-such-page/ 404', { exact: true });
  await expect(line).toHaveCount(1);
  const trace = detail.getByRole('link', { name: 'Open the trace' });
  // The lines are drawn anew when the filter's own stream has opened.
  await expect(async () => {
    await line.click();
    await expect(trace).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 30_000 });
  await trace.click();
  await expect(page).toHaveURL(/\/traces\?trace=[0-9a-f]{32}$/);
  await expect(page.getByRole('treegrid', { name: 'Spans' })).toBeVisible();
});

test('a regular expression that is none is refused with a remedy', async ({ consolePage: page }) => {
  await page.goto(address(page.url(), '?q=(a&re=1'));
  await expect(page.getByRole('alert')).toContainText('Correct the regular expression');
});

test('a service that is started while its log is followed goes on in it, and on the command line', async ({
  consolePage: page,
  console,
}) => {
  // Traffic of an earlier spec may still flow.
  await page.goto(address(page.url(), '?services=search&q=ready'));
  const lines = page.getByRole('region', { name: 'Log lines' });
  const ready = lines.getByText('ready', { exact: true });
  await expect(ready).toHaveCount(1);
  const engine = await findSandboxAddress(console.client);
  await setContainer(engine, 'search', 'stop');
  await setContainer(engine, 'search', 'start');
  await expect(ready).toHaveCount(2, { timeout: 20_000 });
  await expect(page.getByText('following')).toBeVisible();

  const { code, stdout } = await console.run('logs', 'search', '--grep', 'ready', '--json');
  expect(code).toBe(0);
  const written = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(written).toMatchObject([{ service: 'search', level: 'info', message: 'ready' }, { message: 'ready' }]);
  const unknown = await console.run('logs', 'no-such-service');
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain('no service "no-such-service"');
});
