// The same tests for the sandbox, always, and for a dockerd where the tests may touch one.
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import { EngineUnderTest } from './engineUnderTest.ts';

const dockerHost = process.env.DOCKER_HOST ?? '';

function findMissing(): string | undefined {
  if (process.env.GATEHOUSE_TEST_ENGINE !== '1' || dockerHost === '') {
    return 'needs a Docker engine; run eval "$(.ci/engine/up)" and set GATEHOUSE_TEST_ENGINE=1';
  }
  return dockerHost.startsWith('unix://')
    ? undefined
    : `needs an engine on a unix socket; DOCKER_HOST is ${dockerHost}`;
}

const TIMEOUT_MS = 90_000;

export function onEachEngine(title: string, define: (engine: EngineUnderTest) => void): void {
  for (const kind of ['sandbox', 'dockerd'] as const) {
    const missing = kind === 'dockerd' ? findMissing() : undefined;
    describe(`${title} (${kind})`, { timeout: TIMEOUT_MS }, () => {
      const engine = new EngineUnderTest(kind, dockerHost.slice('unix://'.length));
      beforeEach((context) => {
        if (missing !== undefined) context.skip(missing);
      });
      if (missing === undefined) {
        beforeAll(() => engine.open(), TIMEOUT_MS);
        afterEach(() => engine.cleanUp(), TIMEOUT_MS);
        afterAll(() => engine.close(), TIMEOUT_MS);
      }
      define(engine);
    });
  }
}
