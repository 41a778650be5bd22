import { defineConfig } from 'playwright/test';
import { WINDOW } from './fixtures/window.ts';

export default defineConfig({
  testDir: '.',
  testMatch: ['specs/*.spec.ts', 'desktop/*.spec.ts'],
  outputDir: '../test-results',
  // One sandbox platform is 22 processes: on a small machine one worker is faster than two.
  workers: 1,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['./countReporter.ts']],
  use: {
    contextOptions: WINDOW,
    // A copy of the page at each step takes much of what a small machine has; a failure has its picture and its outline.
    trace: process.env.GATEHOUSE_TEST_TRACE === '1' ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(process.env.GATEHOUSE_CHROMIUM ? { executablePath: process.env.GATEHOUSE_CHROMIUM } : {}),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
