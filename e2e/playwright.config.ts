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
    // Without the film: it draws each page again and again, which on a small machine takes the time that is tested.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: true },
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
