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
  await setContainer(await findSandboxAddress(client), 'search', 'stop');
  const { status } = await fetch(`${await gatewayOrigin(client)}/api/ai/search/query/?q=lamp`);
  expect(status).toBeGreaterThanOrEqual(500);
  const lines = page.getByRole('region', { name: 'Log lines' });
  await expectNoFindingsInBothSchemes(page, address(page.url()), () =>
    expect(lines.getByText('api_gateway').first()).toBeVisible({ timeout: 20_000 }),
  );

  await page.getByRole('button', { name: 'error', exact: true }).click();
  await page.getByRole('textbox', { name: 'Search the log' }).fill('/ai/search/query/');
  await expect(page).toHaveURL(/level=error&q=\/ai\/search\/query\//);
  await lines.locator('mark').first().click();
  const detail = page.getByRole('region', { name: 'The selected line' });
  await expect(detail).toContainText(/error · stdout · shop-platform-api_gateway-1/);
  await detail.getByRole('button', { name: 'Lines around it' }).click();
  await expect(detail.getByRole('region', { name: /^Lines of shop-platform-api_gateway-1/ })).toContainText('→');
  await detail.getByRole('button', { name: 'Only this trace' }).click();
  await expect(page).toHaveURL(/\/logs\?trace=[0-9a-f]{32}$/);
  await expect(lines.getByText(/^GET \/api\/ai\/search\/query\//)).toHaveCount(1);
});

test('a regular expression that is none is refused with a remedy', async ({ consolePage: page }) => {
  await page.goto(address(page.url(), '?q=(a&re=1'));
  await expect(page.getByRole('alert')).toContainText('Correct the regular expression');
});

test('a service that is started while its log is followed goes on in it, and on the command line', async ({
  consolePage: page,
  console,
}) => {
  await page.goto(address(page.url(), '?services=search'));
  const lines = page.getByRole('region', { name: 'Log lines' });
  const ready = lines.getByText('ready', { exact: true });
  await expect(ready).toHaveCount(1);
  await setContainer(await findSandboxAddress(console.client), 'search', 'start');
  await expect(ready).toHaveCount(2, { timeout: 20_000 });
  await expect(page.getByText('following')).toBeVisible();

  const { code, stdout } = await console.run('logs', 'search', '--grep', 'ready', '--json');
  expect(code).toBe(0);
  const written = stdout.trim().split('\n').map((line) => JSON.parse(line));
  expect(written).toMatchObject([{ service: 'search', level: 'info', message: 'ready' }, { message: 'ready' }]);
  const unknown = await console.run('logs', 'no-such-service');
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain('no service "no-such-service"');
});
