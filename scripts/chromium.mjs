// Finds a Chromium for the end-to-end tests; none is downloaded.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

// The shell first: a whole Chromium opens a window of its own around each page, also where nobody sees it.
const SYSTEM = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** @returns {string | undefined} GATEHOUSE_CHROMIUM, the system's, or the one that Playwright has installed */
export function findChromium() {
  const named = process.env.GATEHOUSE_CHROMIUM;
  if (named) return existsSync(named) ? named : undefined;
  const system = SYSTEM.find((path) => existsSync(path));
  if (system) return system;
  const { chromium } = createRequire(import.meta.url)('playwright');
  return existsSync(chromium.executablePath()) ? chromium.executablePath() : undefined;
}
