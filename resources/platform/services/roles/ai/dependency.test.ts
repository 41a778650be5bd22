import { Registry } from 'prom-client';
import { expect, onTestFinished, test } from 'vitest';
import type { LogLevel } from '../../kit/log.ts';
import { createDependency } from './dependency.ts';

function create(probe: () => Promise<unknown> = async () => {}) {
  const lines: [LogLevel, string][] = [];
  const registry = new Registry();
  const log = (level: LogLevel, message: string) => void lines.push([level, message]);
  const dependency = createDependency({ name: 'vectors', log, registry, probe, pauseMs: 1 });
  onTestFinished(() => dependency.close());
  return { dependency, lines, registry };
}

const fail = () => Promise.reject(new Error('connection refused'));

test('while all is well its answers are passed on', async () => {
  const { dependency, lines } = create();
  expect(await dependency.attempt(async () => 7)).toEqual({ ok: true, value: 7 });
  expect([dependency.isAway, lines]).toEqual([false, []]);
});

test('after a failure nobody asks it any more, and it is said once', async () => {
  const { dependency, lines, registry } = create(() => new Promise(() => {}));
  expect(await dependency.attempt(fail)).toEqual({ ok: false });
  let asked = 0;
  for (let times = 0; times < 3; times += 1) {
    await dependency.attempt(async () => {
      asked += 1;
    });
  }
  expect([asked, dependency.isAway, lines]).toEqual([0, true, [['warn', 'vectors is away']]]);
  expect(await registry.metrics()).toContain('dependency_away{dependency="vectors"} 1');
});

test('it is asked again as soon as a probe succeeds, without any request', async () => {
  let probes = 0;
  const { dependency, lines, registry } = create(async () => {
    probes += 1;
    if (probes < 3) throw new Error('still starting');
  });
  await dependency.attempt(fail);
  await expect.poll(() => dependency.isAway).toBe(false);
  expect(probes).toBe(3);
  expect(lines.at(-1)).toEqual(['info', 'vectors is back']);
  expect(await dependency.attempt(async () => 'again')).toEqual({ ok: true, value: 'again' });
  expect(await registry.metrics()).toContain('dependency_failures_total{dependency="vectors"} 3');
});

test('what is closed is not looked for any more', async () => {
  let probes = 0;
  const { dependency } = create(async () => {
    probes += 1;
  });
  await dependency.attempt(fail);
  dependency.close();
  // A second dependency's probe, begun later with the same pause, proves that the first's time has passed.
  const { dependency: other } = create();
  await other.attempt(fail);
  await expect.poll(() => other.isAway).toBe(false);
  expect(probes).toBe(0);
});

test('two dependencies of one service share the metrics', async () => {
  const { registry } = create();
  const second = createDependency({ name: 'cache', log: () => {}, registry, probe: async () => {} });
  second.close();
  expect(await registry.metrics()).toContain('dependency_away{dependency="cache"} 0');
});
