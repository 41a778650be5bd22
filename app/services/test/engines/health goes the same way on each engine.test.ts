import { expect, test } from 'vitest';
import { onEachEngine } from './onEachEngine.ts';

const SECOND = 1_000_000_000;
const check = (path: string, more: object = {}) => ({
  Healthcheck: {
    Test: ['CMD', 'probe', `http://localhost:8002${path}`],
    Interval: SECOND,
    Timeout: 3 * SECOND,
    Retries: 1,
    ...more,
  },
});

onEachEngine('health', (engine) => {
  test('goes from starting to healthy, to unhealthy and back, with an event for each', async () => {
    const since = Date.now();
    // Probes that come before the program listens do not count, however slow the machine is.
    const id = await engine.create('a', check('/health', { StartPeriod: 600 * SECOND }));
    await engine.start(id);
    expect((await engine.inspect(id)).State.Health).toMatchObject({ Status: 'starting', FailingStreak: 0 });
    const healthy = await engine.until(id, ({ State }) => State.Health.Status === 'healthy');
    const probe = healthy.State.Health.Log.at(-1);
    expect(probe).toMatchObject({ ExitCode: 0, Output: expect.stringContaining('answered 200') });
    expect(Date.parse(probe.End)).toBeGreaterThanOrEqual(Date.parse(probe.Start));
    const filters = encodeURIComponent(JSON.stringify({ health: ['healthy'], name: [engine.name('a')] }));
    const [listed] = (await engine.call('GET', `/containers/json?filters=${filters}`)).body;
    expect(listed).toMatchObject({ Id: id, Status: expect.stringMatching(/^Up .*\(healthy\)$/) });

    // It runs, and does not answer.
    await engine.call('POST', `/containers/${id}/kill?signal=SIGSTOP`);
    const ill = await engine.until(id, ({ State }) => State.Health.Status === 'unhealthy');
    expect(ill.State.Health.FailingStreak).toBeGreaterThanOrEqual(1);
    expect(ill.State.Health.Log.at(-1).ExitCode).not.toBe(0);
    await engine.call('POST', `/containers/${id}/kill?signal=SIGCONT`);
    const well = await engine.until(id, ({ State }) => State.Health.Status === 'healthy');
    expect(well.State.Health.FailingStreak).toBe(0);
    const full = await engine.until(id, ({ State }) => State.Health.Log.length === 5);
    const first = full.State.Health.Log[0].Start;
    await engine.until(id, ({ State }) => State.Health.Log[0].Start !== first && State.Health.Log.length === 5);

    const seen = await engine.events(id, since);
    expect(seen.filter((action) => action.startsWith('health_status'))).toEqual([
      'health_status: healthy',
      'health_status: unhealthy',
      'health_status: healthy',
    ]);
  });

  test('does not count failures of the start period', async () => {
    const id = await engine.create('a', check('/no-such-path', { StartPeriod: 600 * SECOND }));
    await engine.start(id);
    const { State } = await engine.until(id, (one) => one.State.Health.Log.length >= 2);
    expect(State.Health).toMatchObject({ Status: 'starting', FailingStreak: 0 });
    expect(State.Health.Log.every(({ ExitCode }: { ExitCode: number }) => ExitCode !== 0)).toBe(true);
  });

  test('is unhealthy, without an event, while nobody looks: paused or stopped', async () => {
    const id = await engine.create('a', check('/health'));
    await engine.start(id);
    await engine.until(id, ({ State }) => State.Health.Status === 'healthy');
    const since = Date.now();
    const status = async () => (await engine.inspect(id)).State.Health.Status;
    await engine.call('POST', `/containers/${id}/pause`);
    expect(await status()).toBe('unhealthy');
    await engine.call('POST', `/containers/${id}/unpause`);
    await engine.until(id, ({ State }) => State.Health.Status === 'healthy');
    await engine.call('POST', `/containers/${id}/stop?t=20`);
    expect(await status()).toBe('unhealthy');
    const expected = ['pause', 'unpause', 'health_status: healthy', 'kill 15', 'die 0', 'stop'];
    await expect.poll(() => engine.events(id, since), { timeout: 10_000 }).toEqual(expected);
  });
});
