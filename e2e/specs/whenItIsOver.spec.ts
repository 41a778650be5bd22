// The last of the specs on the sandbox, so that none of the others has to start it again.
import { expect, test } from '../fixtures/console.ts';
import { findSandboxAddress, setContainer } from '../fixtures/sandbox.ts';

test('the sandbox is stopped and leaves nothing running', async ({ consolePage: page, console }) => {
  await console.client.api.sandbox.start.mutate();
  const address = await findSandboxAddress(console.client);
  await page.goto(new URL('/', page.url()).href);
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByRole('button', { name: 'Start the sandbox' })).toBeVisible({ timeout: 20_000 });
  await expect(setContainer(address, 'recommender', 'start')).rejects.toThrow();
});
