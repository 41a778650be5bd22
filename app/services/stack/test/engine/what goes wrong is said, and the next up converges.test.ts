import { once } from 'node:events';
import { renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { repetitions } from '../../../../../scripts/endurance.mjs';
import { createEngine } from '../../../docker/engine.ts';
import { applyPlan } from '../../apply/applyPlan.ts';
import { findDrift } from '../../drift/findDrift.ts';
import { readStackStatus } from '../../status/readStackStatus.ts';
import { openBreakingProxy } from './breakingProxy.ts';
import { ComposeStack, docker, IMAGE, needEngine } from './composeStack.ts';

const TIMEOUT_MS = 300_000;
const CANCELS = repetitions({ usual: 5, ci: 5, soak: 50 });
const rest = `image: ${IMAGE}, entrypoint: [sleep, infinity], init: true`;

beforeEach(needEngine);

async function inStack(text: string, work: (stack: ComposeStack) => Promise<void>): Promise<void> {
  const stack = new ComposeStack('fault');
  try {
    stack.write(text);
    await work(stack);
  } finally {
    await stack.close();
  }
}

const words = ({ plan }: Awaited<ReturnType<ComposeStack['plan']>>) =>
  plan.steps.map(({ action, key }) => `${action} ${key}`);

test('an image that is missing', { timeout: TIMEOUT_MS }, () =>
  inStack(
    `services: { a: { image: "gatehouse-no-such/image:1", pull_policy: never }, b: { ${rest} } }`,
    async (stack) => {
      const { plan } = await stack.plan();
      expect(plan.blockers).toMatchObject([{ code: 'image-missing', subject: 'gatehouse-no-such/image:1' }]);
      // Where it may be pulled, the registry says no; what does not need it comes up all the same.
      const result = await stack.apply(await stack.plan({ pull: 'missing' }));
      expect(result.outcome).toBe('failed');
      expect(result.problems).toHaveLength(1);
      expect(result.problems[0]?.message).toMatch(/^image gatehouse-no-such\/image:1: pulling failed: /);
      expect(Object.keys(await stack.containers())).toEqual([`${stack.name}-b-1`]);
      stack.write(`services: { a: { ${rest} }, b: { ${rest} } }`);
      await stack.up();
      expect(words(await stack.plan())).toEqual([]);
    },
  ),
);

test('a port that a program of the machine has', { timeout: TIMEOUT_MS }, async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  try {
    await inStack(`services: { a: { ${rest}, ports: ["127.0.0.1:${port}:80"] }, b: { ${rest} } }`, async (stack) => {
      const result = await stack.apply(await stack.plan());
      expect(result.outcome).toBe('failed');
      expect(result.problems).toMatchObject([{ code: 'port-taken', subject: 'a' }]);
      expect(result.problems[0]?.message).toContain(`${stack.name}-a-1`);
      const project = (await stack.load()).project;
      const status = await readStackStatus(stack.engine, project, await stack.observe(project));
      expect(status.services.map(({ service, condition }) => [service, condition])).toEqual([
        ['a', 'crashed'],
        ['b', 'running'],
      ]);
      holder.close();
      await once(holder, 'close');
      await stack.up();
      expect(words(await stack.plan())).toEqual([]);
    });
  } finally {
    holder.close();
  }
});

test('a command that is not there: the container before comes back', { timeout: TIMEOUT_MS }, () =>
  inStack(`services: { a: { ${rest} } }`, async (stack) => {
    await stack.up();
    const before = await stack.containers();
    stack.write(`services: { a: { image: ${IMAGE}, entrypoint: [no-such-command] } }`);
    const result = await stack.apply(await stack.plan());
    expect(result.problems).toMatchObject([{ code: 'recreate-failed', subject: 'a' }]);
    expect(result.problems[0]?.message).toMatch(/no-such-command.*; the old container runs again\.$/s);
    expect(await stack.containers()).toEqual(before);
    expect(await docker('inspect', '--format', '{{.State.Status}}', Object.values(before)[0] ?? '')).toBe('running');
  }),
);

test('a dependency that never gets healthy, and a job that fails', { timeout: TIMEOUT_MS }, () =>
  inStack(
    `
services:
  db: { ${rest}, healthcheck: { test: "echo not today; false", interval: 500ms, retries: 2 } }
  job: { image: ${IMAGE}, entrypoint: [sh, -c, "echo no table; exit 3"] }
  a: { ${rest}, depends_on: { db: { condition: service_healthy } } }
  b: { ${rest}, depends_on: { job: { condition: service_completed_successfully } } }
  c: { ${rest}, depends_on: { db: { condition: service_healthy, required: false } } }`,
    async (stack) => {
      const result = await stack.apply(await stack.plan());
      const messages = result.problems.map(({ message }) => message.replaceAll(`${stack.name}-`, '')).sort();
      expect(messages).toEqual([
        'service "a" waits for "db" to be healthy: db-1 is unhealthy: not today.',
        'service "b" waits for "job" to be completed: job-1 ended, exit 3.',
      ]);
      expect(result.problems.find(({ subject }) => subject === 'job')?.remedy).toContain('Its log ends with: no table');
      // One that is not required is gone on without, and that is said.
      expect(result.remarks).toMatchObject([{ code: 'dependency-failed', subject: 'db' }]);
      const running = await docker('ps', '--filter', `name=${stack.name}`, '--format', '{{.Names}}');
      expect(running.split('\n').sort()).toEqual([`${stack.name}-c-1`, `${stack.name}-db-1`]);
    },
  ),
);

const chain = `
services:
  db: { ${rest}, volumes: ["data:/data"], healthcheck: { test: "true", interval: 500ms } }
  job: { image: ${IMAGE}, entrypoint: ["true"], depends_on: { db: { condition: service_healthy } } }
  api: { ${rest}, scale: 2, depends_on: { job: { condition: service_completed_successfully } } }
  web: { ${rest}, networks: [default, front], depends_on: [api] }
volumes: { data: }
networks: { front: }`;

test(`a cancel at a random step, ${CANCELS} times`, { timeout: TIMEOUT_MS * CANCELS }, () =>
  inStack(chain, async (stack) => {
    for (let round = 0; round < CANCELS; round += 1) {
      // From nothing, and as a change of all that runs.
      const isChange = round % 2 === 1;
      stack.write(isChange ? chain.replaceAll('init: true', `init: true, environment: { ROUND: "${round}" }`) : chain);
      const volumes = (await stack.leftovers()).filter((line) => line.startsWith('volume'));
      const cancelling = new AbortController();
      const at = Math.floor(Math.random() * 25);
      let events = 0;
      const result = await stack.apply(await stack.plan(), {
        signal: cancelling.signal,
        onProgress: () => {
          events += 1;
          if (events > at) cancelling.abort();
        },
      });
      expect(['cancelled', 'applied'], `round ${round}, event ${at}`).toContain(result.outcome);
      expect(result.problems).toEqual([]);
      await stack.up();
      expect(words(await stack.plan()), `round ${round}, event ${at}`).toEqual([]);
      expect(await stack.leftovers()).toEqual(expect.arrayContaining(volumes));
      if (isChange) expect((await stack.down()).outcome).toBe('applied');
    }
  }),
);

test('an engine that goes away in the middle', { timeout: TIMEOUT_MS }, () =>
  inStack(chain, async (stack) => {
    const { address } = stack.engine;
    if (address.kind !== 'socket') throw new Error('needs a socket');
    const proxy = await openBreakingProxy(address.path);
    const engine = createEngine({ kind: 'socket', path: proxy.socketPath });
    try {
      const result = await applyPlan(await stack.plan(), engine, {
        signal: new AbortController().signal,
        onProgress: ({ step, state }) => {
          if (state === 'running' && step === `container ${stack.name}-job-1`) proxy.cut();
        },
      });
      expect(result.outcome).toBe('failed');
      expect(result.problems[0]).toMatchObject({
        code: 'engine-unreachable',
        remedy: expect.stringContaining('Docker'),
      });
    } finally {
      engine.close();
      await proxy.close();
    }
    // This engine has only lost its client, and goes on with what it was told: while it does, a plan is stale.
    const outcomes: string[] = [];
    const up = async () => {
      outcomes.push((await stack.apply(await stack.plan())).outcome);
      return outcomes.at(-1);
    };
    await expect.poll(up, { timeout: 60_000, interval: 500 }).not.toBe('stale');
    expect(outcomes.at(-1)).toBe('applied');
    expect(words(await stack.plan())).toEqual([]);
  }),
);

test('an image is built, and a build that fails says why', { timeout: TIMEOUT_MS }, () =>
  inStack(
    `services: { a: { build: { context: ., args: { WHO: us } }, pull_policy: build, entrypoint: [sleep, infinity], init: true } }`,
    async (stack) => {
      const dockerfile = join(stack.folder, 'Dockerfile');
      try {
        writeFileSync(dockerfile, `FROM ${IMAGE}\nARG WHO\nUSER root\nRUN echo "made by $WHO" > /made-by\n`);
        const output: string[] = [];
        const result = await stack.apply(await stack.plan(), { onOutput: (_, line) => output.push(line) });
        expect(result).toMatchObject({ outcome: 'applied', problems: [] });
        expect(output.join('\n')).toContain('made by');
        expect(await docker('exec', `${stack.name}-a-1`, 'cat', '/made-by')).toBe('made by us');
        // Built again from the same files it is the same image, and the container stays.
        const before = await stack.containers();
        await stack.up();
        expect(await stack.containers()).toEqual(before);

        writeFileSync(dockerfile, `FROM ${IMAGE}\nRUN echo the reason >&2; exit 7\n`);
        const failed = await stack.apply(await stack.plan());
        expect(failed.outcome).toBe('failed');
        expect(failed.problems[0]?.message).toMatch(/building failed: .*exit code: 7/s);
        expect(await stack.containers()).toEqual(before);
      } finally {
        await docker('rm', '--force', `${stack.name}-a-1`);
        await docker('image', 'rm', '--force', `${stack.name}-a`).catch(() => {});
      }
    },
  ),
);

test('drift is found in fields, in mounted files and in what was copied in', { timeout: TIMEOUT_MS }, () =>
  inStack(
    `
services:
  a: { ${rest}, volumes: ["./kept.txt:/kept.txt:ro", "./swapped.txt:/swapped.txt:ro", "./rewritten.txt:/rewritten.txt:ro"] }
  b: { ${rest}, configs: [{ source: text, target: /etc/text }], secrets: [token] }
  c: { ${rest} }
configs: { text: { content: before } }
secrets: { token: { environment: GHS_TOKEN } }`,
    async (stack) => {
      const file = (name: string) => join(stack.folder, name);
      for (const name of ['kept', 'swapped', 'rewritten']) writeFileSync(file(`${name}.txt`), 'before');
      await stack.up();
      const drift = async () => {
        const loaded = await stack.load();
        const options = { variableValues: loaded.variableValues };
        const found = await findDrift(stack.engine, loaded.project, await stack.observe(loaded.project), options);
        expect(found.unknown).toEqual([]);
        return found.services.map(({ service, kind, path, changes, detail }) => [
          service,
          kind,
          path ?? changes[0]?.field,
          detail,
        ]);
      };
      expect(await drift()).toEqual([]);

      writeFileSync(file('new.txt'), 'after');
      renameSync(file('new.txt'), file('swapped.txt'));
      writeFileSync(file('rewritten.txt'), 'after');
      stack.environment.GHS_TOKEN = 'another-token';
      await docker('rm', '--force', `${stack.name}-c-1`);
      await docker('update', '--memory', '64m', '--memory-swap', '64m', `${stack.name}-a-1`);
      expect(await drift()).toEqual([
        ['a', 'fields', 'mem_limit', '2 fields differ'],
        ['c', 'missing', undefined, 'not created yet'],
        ['a', 'file', '/swapped.txt', expect.stringMatching(/by another file: the container still has the one before/)],
        ['a', 'file', '/rewritten.txt', expect.stringMatching(/the container sees it, but its program may have read/)],
        ['b', 'file', '/run/secrets/token', 'the secret "token" has another content now'],
      ]);
    },
  ),
);
