import { execFile, spawn, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SERVICE_IMAGE, serviceSpec, startTestEngine, type TestEngine } from './engineClient.ts';
import { testPrograms } from './programs.ts';

const hasDocker = spawnSync('docker', ['--version']).status === 0;
const run = promisify(execFile);

describe.skipIf(!hasDocker)(
  `docker -H unix://…${hasDocker ? '' : ' (skipped: there is no docker command in PATH)'}`,
  () => {
    let engine: TestEngine;
    const docker = async (...argv: string[]) =>
      (await run('docker', ['-H', `unix://${engine.socketPath}`, ...argv])).stdout.trim();

    beforeAll(async () => {
      engine = await startTestEngine();
      await engine.call('POST', '/networks/create', { Name: 'p_ai' });
      const id = await engine.run('p-search-1', {
        ...serviceSpec('search', 'http://localhost:8002/health'),
        HostConfig: { NetworkMode: 'p_ai' },
      });
      await engine.until(id, (one) => one.State.Health.Status === 'healthy');
    });
    afterAll(() => engine.close());

    test('version, info, ps, inspect, network ls, images', async () => {
      expect(await docker('version', '--format', '{{.Server.Platform.Name}} {{.Server.APIVersion}}')).toBe(
        'Gatehouse sandbox 1.47',
      );
      expect(await docker('info', '--format', '{{.Name}} {{.ContainersRunning}}')).toBe('gatehouse-sandbox 1');
      expect(await docker('ps', '--format', '{{.Names}} {{.Status}}')).toMatch(/^p-search-1 Up .*\(healthy\)$/);
      expect(
        await docker('inspect', 'p-search-1', '--format', '{{.State.Health.Status}} {{.HostConfig.NetworkMode}}'),
      ).toBe('healthy p_ai');
      expect(await docker('network', 'ls', '--format', '{{.Name}}')).toBe('bridge\np_ai');
      expect(await docker('images', '--format', '{{.Repository}}')).toContain('gatehouse/platform-service');
    });

    test('stop and start, with the events of both', async () => {
      const since = String(Math.floor(Date.now() / 1_000));
      expect(await docker('stop', 'p-search-1')).toBe('p-search-1');
      expect(await docker('ps', '-q')).toBe('');
      expect(await docker('ps', '-a', '--format', '{{.Status}}')).toMatch(/^Exited \(0\)/);
      expect(await docker('start', 'p-search-1')).toBe('p-search-1');
      const until = String(Math.ceil(Date.now() / 1_000));
      const events = await docker(
        'events',
        '--since',
        since,
        '--until',
        until,
        '--filter',
        'type=container',
        '--filter',
        'event=stop',
        '--filter',
        'event=die',
        '--filter',
        'event=start',
        '--format',
        '{{.Action}}',
      );
      expect(events.split('\n').slice(-3)).toEqual(['die', 'stop', 'start']);
    });

    test('logs -f shows lines as they come', async () => {
      const follower = spawn('docker', [
        '-H',
        `unix://${engine.socketPath}`,
        'logs',
        '-f',
        '--tail',
        '1',
        'p-search-1',
      ]);
      try {
        let text = '';
        follower.stdout.setEncoding('utf8').on('data', (more) => {
          text += more;
        });
        // Only once a line has come is the follower known to be attached.
        await expect.poll(() => text, { timeout: 10_000 }).toContain('"message":"ready"');
        // The stop of an earlier test may be in what came so far.
        const attachedAt = text.length;
        await docker('restart', 'p-search-1');
        await expect.poll(() => text.slice(attachedAt), { timeout: 10_000 }).toContain('ending on SIGTERM');
      } finally {
        follower.kill();
      }
    });

    test('create with a port, port, rm -f', async () => {
      await docker('create', '--name', 'made', '-p', '5432', 'postgres:16.10');
      await docker('start', 'made');
      expect(await docker('port', 'made')).toMatch(/^5432\/tcp -> 127\.0\.0\.1:\d+$/);
      expect(await docker('rm', '-f', 'made')).toBe('made');
    });

    test('exec, top, stats, cp, pause, update and wait', async () => {
      expect(await docker('exec', '-e', 'A=1', 'p-search-1', 'echo', 'hello')).toBe('hello');
      await expect(docker('exec', 'p-search-1', 'false')).rejects.toMatchObject({ code: 1 });
      expect(await docker('top', 'p-search-1')).toMatch(/ search$/);
      expect(await docker('stats', '--no-stream', '--format', '{{.Name}} {{.MemUsage}}', 'p-search-1')).toMatch(
        /^p-search-1 [\d.]+MiB \/ [\d.]+GiB$/,
      );
      await docker('create', '--name', 'kept', '-v', 'kept:/data', 'redis:7');
      await docker('cp', testPrograms.gatewayConfig, 'kept:/data/copy.yaml');
      expect(await docker('cp', 'kept:/data/copy.yaml', '-')).toContain('copy.yaml');
      expect(await docker('volume', 'ls', '-q')).toBe('kept');
      expect(await docker('rm', 'kept')).toBe('kept');
      expect(await docker('volume', 'prune', '-af')).toContain('kept');
      await docker('pause', 'p-search-1');
      expect(await docker('ps', '--format', '{{.Status}}')).toMatch(/\(Paused\)$/);
      await docker('unpause', 'p-search-1');
      await docker('update', '--restart', 'unless-stopped', 'p-search-1');
      const waited = docker('wait', 'p-search-1');
      await docker('stop', 'p-search-1');
      expect(await waited).toBe('0');
      await docker('start', 'p-search-1');
    });

    test('run shows what its container says and ends with its exit code', async () => {
      const failed = run('docker', ['-H', `unix://${engine.socketPath}`, 'run', '--rm', SERVICE_IMAGE, 'no-such-role']);
      await expect(failed).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('is not known') });
      expect(await docker('ps', '-a', '--format', '{{.Names}}')).toBe('p-search-1');
    });

    test('what is not provided fails with the reason', async () => {
      await expect(docker('exec', 'p-search-1', 'ls')).rejects.toThrow('sandbox: ls is not available here');
    });
  },
);
