// The handlers over a real sandbox, wired as the composition root wires them, for behaviour tests.
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { programs } from '../../../scripts/programs.mjs';
import { createDemoHandlers } from '../demo/handlers.ts';
import { createEngines } from '../environment/engines.ts';
import { createEnvironments } from '../environment/environments.ts';
import { createEnvironmentHandlers } from '../environment/handlers.ts';
import { createStartView } from '../environment/startView.ts';
import { createGatewayHandlers } from '../gateway/handlers.ts';
import { createHistory } from '../history/history.ts';
import { createLogsHandlers } from '../logs/handlers.ts';
import { createMetricsHandlers } from '../metrics/handlers.ts';
import { createSandboxHandlers } from '../sandbox/handlers.ts';
import type { Programs } from '../sandbox/programs.ts';
import { createSandbox } from '../sandbox/sandbox.ts';
import { createReplayTokens } from '../secrets/replayTokens.ts';
import { absentKeeper } from '../secrets/secretKeeper.ts';
import { loadFolder } from '../stack/compose/loadFolder.ts';
import { createStackHandlers } from '../stack/handlers.ts';
import { createStackOperator } from '../stack/operate/stackOperator.ts';
import { createTracesHandlers } from '../traces/handlers.ts';
import { createCollectors } from '../traces/otlp/collectors.ts';
import { createTrafficHandlers } from '../traffic/handlers.ts';

const fromRoot = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

const testPrograms: Programs = {
  node: process.execPath,
  host: [programs.gatehouse],
  gateway: [programs.gateway],
  service: [programs.service],
  platformFolder: fromRoot('resources/platform'),
  gatewayConfig: fromRoot('resources/platform/gateway.yaml'),
};

export function createSandboxHandlersForTest(options: { lingerMs: number }) {
  const runtimeFolder = mkdtempSync(join(tmpdir(), 'gh-'));
  const now = Date.now;
  const loadProject = () => loadFolder(testPrograms.platformFolder, {});
  const collectors = createCollectors();
  const sandbox = createSandbox({ programs: testPrograms, runtimeFolder, loadProject, collectors, now });
  const engines = createEngines({ engineChoice: 'sandbox', sandbox });
  const startView = createStartView(engines);
  const findDeclared = () => sandbox.loaded ?? null;
  const history = createHistory({ folder: join(runtimeFolder, 'state'), now });
  const environments = createEnvironments({
    collectors,
    engines,
    findDeclared,
    history,
    isHostReadOnly: false,
    now,
    ...options,
  });
  const operator = createStackOperator({ environments, findFolder: () => testPrograms.platformFolder, history, now });
  return {
    sandbox,
    environments,
    history,
    handlers: {
      environment: createEnvironmentHandlers({ environments, startView }),
      sandbox: createSandboxHandlers({ sandbox, engineChoice: 'sandbox' }),
      stack: createStackHandlers({ environments, operator }),
      gateway: createGatewayHandlers({ environments }),
      traffic: createTrafficHandlers({ environments, tokens: createReplayTokens(absentKeeper) }),
      logs: createLogsHandlers({ environments, history, now }),
      metrics: createMetricsHandlers({ environments }),
      traces: createTracesHandlers({ environments, collectors }),
      demo: createDemoHandlers({ environments }),
    },
    async close() {
      await environments.close();
      await sandbox.close();
      await collectors.closeAll();
      history.close();
      rmSync(runtimeFolder, { recursive: true, force: true });
    },
  };
}

/** The first value that fits; fails with the last one seen when none comes in time. */
export async function firstWhere<T>(
  open: (call: { signal: AbortSignal }) => AsyncIterable<T>,
  fits: (value: T) => boolean,
  withinMs = 10_000,
): Promise<T> {
  const leaving = new AbortController();
  const timer = setTimeout(() => leaving.abort(), withinMs);
  let last: T | undefined;
  try {
    for await (const value of open({ signal: leaving.signal })) {
      last = value;
      if (fits(value)) return value;
    }
  } finally {
    clearTimeout(timer);
    leaving.abort();
  }
  throw new Error(`no value fitted within ${withinMs} ms; the last one was ${JSON.stringify(last)?.slice(0, 2000)}`);
}

/** POST to the engine's API as another client would, for example `docker stop`. */
export function postToEngine(socketPath: string, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { socketPath, method: 'POST', path, headers: { host: 'docker' }, agent: false },
      (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode ?? 0));
      },
    );
    outgoing.on('error', reject);
    outgoing.end();
  });
}

export function fetchThrough(port: number, path: string): Promise<{ status: number; headers: Headers; text: string }> {
  return fetch(`http://127.0.0.1:${port}${path}`).then(async (answer) => ({
    status: answer.status,
    headers: answer.headers,
    text: await answer.text(),
  }));
}
