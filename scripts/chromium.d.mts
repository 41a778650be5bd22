/** A Chromium for tests and pictures: GATEHOUSE_CHROMIUM, the system's, or the one that Playwright has installed. */
export function findChromium(): string | undefined;
