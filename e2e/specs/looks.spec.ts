// How far it is from the first page to a cause, and whether a view keeps within its window at 200 % zoom.
import type { Locator, Page } from 'playwright/test';
import { expect, stopTrafficAtTheEnd, test } from '../fixtures/console.ts';
import { ENVIRONMENT, findSandboxAddress, setContainer } from '../fixtures/sandbox.ts';
import { WINDOW } from '../fixtures/window.ts';

test.describe.configure({ mode: 'serial' });
stopTrafficAtTheEnd();

const address = (page: Page, path: string) => new URL(path, page.url()).href;

test('from the Start view to the first cause of a failure, by what the console says, or by the request that failed', async ({
  consolePage: page,
  console,
}) => {
  const { api } = console.client;
  await api.sandbox.start.mutate();
  const engine = await findSandboxAddress(console.client);
  await api.demo.start.mutate({ environment: ENVIRONMENT, requestsPerSecond: 20, seconds: 600 });
  await setContainer(engine, 'recommender', 'stop');
  const taken: string[] = [];
  const take = async (step: Locator) => {
    taken.push(step.toString());
    await step.click({ timeout: 30_000 });
  };
  const drawer = page.getByRole('complementary', { name: 'recommender' });
  const openStack = () => take(page.getByRole('link', { name: 'Open shop-platform' }));

  await page.goto(address(page, '/'));
  await openStack();
  await take(page.getByRole('region', { name: 'Verdict' }).getByRole('link', { name: 'Show recommender' }));
  await expect(drawer).toContainText(/Exit code\s*\d+/);
  expect(taken.length, taken.join('\n')).toBeLessThanOrEqual(2);

  taken.length = 0;
  await page.goto(address(page, '/'));
  await openStack();
  await take(page.getByRole('region', { name: 'Verdict' }).getByRole('link', { name: 'Failed requests' }));
  await take(page.getByRole('row', { name: /recommender.*\b503\b/ }).first());
  await take(page.getByRole('region', { name: 'The selected exchange' }).getByRole('button', { name: 'Go to' }));
  await take(page.getByRole('menuitem', { name: 'Container of recommender' }));
  await expect(drawer).toContainText(/Exit code\s*\d+/);
  expect(taken.length, taken.join('\n')).toBeLessThanOrEqual(6);
  await setContainer(engine, 'recommender', 'start');
});

test('at 200 % zoom no view scrolls sideways', async ({ consolePage: page, console }) => {
  await console.client.api.sandbox.start.mutate();
  await page.setViewportSize({ width: 720, height: 450 });
  await page.goto(address(page, `/env/${ENVIRONMENT}/overview`));
  const links = page.getByRole('navigation', { name: 'Views' }).getByRole('link');
  await expect(links.first()).toBeVisible();
  const wide: string[] = [];
  for (const link of await links.all()) {
    await link.click();
    await expect(link).toHaveAttribute('aria-current', 'page');
    await expect(page.getByRole('main').locator('h1, [role="tabpanel"]').first()).toBeAttached();
    wide.push(...(await page.evaluate(findWide)));
  }
  await page.setViewportSize(WINDOW.viewport ?? { width: 1440, height: 900 });
  expect(wide).toEqual([]);
});

/** The page and its view, where they are wider than the window has room for. */
function findWide(): string[] {
  const parts = [document.documentElement, document.querySelector('main'), document.querySelector('header')];
  return parts.flatMap((part) =>
    part && part.scrollWidth > part.clientWidth
      ? [`${location.pathname}: ${part.localName} is ${part.scrollWidth} px wide in ${part.clientWidth}`]
      : [],
  );
}
