// How does it trend? In the sandbox no Prometheus runs: the host measures itself, and says what it cannot answer.
import { expectNoFindingsInBothSchemes } from '../fixtures/accessibility.ts';
import { expect, stopTrafficAtTheEnd, test } from '../fixtures/console.ts';
import { ENVIRONMENT } from '../fixtures/sandbox.ts';

test.describe.configure({ mode: 'serial' });
stopTrafficAtTheEnd();

test('charts have figures of the gateway and of containers, in lines and in a table, without findings', async ({
  consolePage: page,
  console,
}) => {
  await console.client.api.sandbox.start.mutate();
  await console.client.api.demo.start.mutate({ environment: ENVIRONMENT, requestsPerSecond: 20, seconds: 600 });
  const requests = page.getByRole('region', { name: 'Requests by route' });
  const search = requests.getByRole('button', { name: /^ai-search/ });
  await expectNoFindingsInBothSchemes(page, new URL(`/env/${ENVIRONMENT}/metrics`, page.url()).href, () =>
    expect(search).toContainText(/[1-9]\/s/, { timeout: 30_000 }),
  );
  await expect(page.getByText('prometheus is a stand-in here')).toBeVisible();
  await expect(requests).toContainText('gatehouse_gateway_requests_total');
  await search.click();
  await expect(search).toHaveAttribute('aria-pressed', 'false');
  await requests.getByRole('button', { name: 'Table' }).click();
  await expect(requests.getByRole('columnheader', { name: 'ai-search' })).toBeVisible();

  await page.getByRole('tab', { name: 'Containers' }).click();
  await expect(page.getByRole('region', { name: 'Memory', exact: true })).toContainText(/api_gateway\d+ MB/);
  await page.getByRole('button', { name: 'Live' }).click();
  await expect(page).toHaveURL(/until=\d+/);
});

test('what only a Prometheus can answer is refused with the reason, by the console and by the command line', async ({
  consolePage: page,
  console,
}) => {
  for (const tab of ['PromQL', 'Targets and alerts']) {
    await page.getByRole('tab', { name: tab }).click();
    await expect(page.getByRole('tabpanel')).toContainText('no Prometheus runs in the sandbox');
  }
  const { code, stderr } = await console.run('metrics', 'up');
  expect(code).toBe(3);
  expect(stderr).toContain('no Prometheus runs in the sandbox');
});
