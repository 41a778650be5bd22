import { expect, test } from 'vitest';
import { onEachEngine } from './onEachEngine.ts';

const stats = (id: string, query: string) => `/containers/${id}/stats?${query}`;

onEachEngine('figures', (engine) => {
  test('of a running container have what clients work out shares from', async () => {
    const id = await engine.run('a');
    const { status, body } = await engine.call('GET', stats(id, 'stream=0'));
    expect(status).toBe(200);
    expect(body).toMatchObject({ id, name: `/${engine.name('a')}` });
    const { cpu_stats: now, precpu_stats: before, memory_stats: memory } = body;
    expect(now.cpu_usage.total_usage).toBeGreaterThan(0);
    expect(now.cpu_usage.total_usage).toBeGreaterThanOrEqual(before.cpu_usage.total_usage);
    expect(before.cpu_usage.total_usage).toBeGreaterThan(0);
    expect(now.system_cpu_usage).toBeGreaterThan(before.system_cpu_usage);
    expect(now.online_cpus).toBeGreaterThan(0);
    expect(Date.parse(body.read)).toBeGreaterThan(Date.parse(body.preread));
    // A Node process, whatever counts it.
    expect(memory.usage).toBeGreaterThan(5_000_000);
    expect(memory.limit).toBeGreaterThan(memory.usage);
    expect(body.pids_stats.current).toBeGreaterThan(1);
    expect(body).toHaveProperty('blkio_stats.io_service_bytes_recursive');
  });

  test('come once without waiting when asked so, and then without an earlier sample', async () => {
    const id = await engine.run('a');
    const { body } = await engine.call('GET', stats(id, 'stream=0&one-shot=1'));
    expect(body.cpu_stats.cpu_usage.total_usage).toBeGreaterThan(0);
    expect(body).toMatchObject({ preread: '0001-01-01T00:00:00Z', precpu_stats: { cpu_usage: { total_usage: 0 } } });
  });

  test('stream, each with the one before it', async () => {
    const id = await engine.run('a');
    const gone = new AbortController();
    const stream = await engine.request('GET', stats(id, 'stream=1'), { signal: gone.signal });
    let text = '';
    for await (const chunk of stream.setEncoding('utf8')) {
      text += chunk;
      if (text.split('\n').length > 3) break;
    }
    gone.abort();
    const [, second, third] = text.split('\n').map((line) => (line === '' ? undefined : JSON.parse(line)));
    expect(third.preread).toBe(second.read);
    expect(third.precpu_stats.cpu_usage.total_usage).toBe(second.cpu_stats.cpu_usage.total_usage);
  });

  test('of one that does not run are empty', async () => {
    const id = await engine.create('a');
    const { status, body } = await engine.call('GET', stats(id, 'stream=0'));
    expect(status).toBe(200);
    expect(body).toMatchObject({ read: '0001-01-01T00:00:00Z', pids_stats: {}, memory_stats: {} });
    expect(body.cpu_stats.cpu_usage.total_usage).toBe(0);
    expect((await engine.call('GET', `/containers/${id}/top`)).status).toBe(409);
  });
});

onEachEngine('top', (engine) => {
  test('lists the processes of a container as ps does', async () => {
    const id = await engine.run('a');
    const { Pid } = (await engine.inspect(id)).State;
    const { body } = await engine.call('GET', `/containers/${id}/top`);
    expect(body.Titles).toEqual(['UID', 'PID', 'PPID', 'C', 'STIME', 'TTY', 'TIME', 'CMD']);
    expect(body.Processes).toHaveLength(1);
    const [process] = body.Processes;
    expect(process[1]).toBe(String(Pid));
    expect(process[6]).toMatch(/^\d\d:\d\d:\d\d$/);
    expect(process[7]).toMatch(/node.* search$/);

    const { Id } = (await engine.call('POST', `/containers/${id}/exec`, { Cmd: ['sleep', '300'] })).body;
    await engine.call('POST', `/exec/${Id}/start`, { Detach: true });
    const both = (await engine.call('GET', `/containers/${id}/top?ps_args=-o%20pid,comm,args`)).body;
    expect(both.Titles).toContain('PID');
    expect(both.Processes).toHaveLength(2);
    expect((await engine.call('GET', `/containers/${id}/top?ps_args=-o%20comm`)).status).toBe(500);
  });
});
