// Takes the pictures of the README from a running sandbox: `npm run screenshots`. One service is stopped, so that there is something to see.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { findChromium } from '../scripts/chromium.mjs';
import { ENVIRONMENT, findSandboxAddress, setContainer } from './fixtures/sandbox.ts';
import { startConsole } from './fixtures/startConsole.ts';

const folder = join(import.meta.dirname, '..', 'docs', 'images');
const VIEWS = ['overview', 'topology', 'traffic', 'breakers'];
/** Long enough for a course to be seen in the sparklines. */
const WATCH_MS = 75_000;

mkdirSync(folder, { recursive: true });
const { console: gatehouse, stop } = await startConsole();
const executablePath = findChromium();
const browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args: ['--no-sandbox'] });
try {
  const { api } = gatehouse.client;
  await api.sandbox.start.mutate();
  const address = await findSandboxAddress(gatehouse.client);
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });
  await page.goto(await gatehouse.newUrl());
  await page.getByRole('banner').waitFor();
  await page.goto(new URL(`/env/${ENVIRONMENT}/overview`, gatehouse.origin).href);
  await page.getByRole('switch', { name: /Demo traffic/ }).click();
  await page.waitForTimeout(WATCH_MS);
  await setContainer(address, 'search', 'stop');
  await page.getByText(/every search request fails/).waitFor({ timeout: 30_000 });
  await page.waitForTimeout(5_000);
  for (const view of VIEWS) {
    await page.goto(new URL(`/env/${ENVIRONMENT}/${view}`, gatehouse.origin).href);
    await page.waitForTimeout(3_000);
    await page.screenshot({ path: join(folder, `${view}.png`) });
  }
} finally {
  await browser.close();
  await stop();
}
