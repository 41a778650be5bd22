import { describe, expect, it } from 'vitest';
import { sampleContainer, sampleService } from './serviceSample.ts';
import { countRestarts, findRunningSince, toExitText, toPortText, toShortPorts } from './serviceText.ts';

const port = (containerPort: number, hostPort: number | null, hostIp: string | null = '127.0.0.1') => ({
  containerPort,
  hostPort,
  hostIp,
  protocol: 'tcp' as const,
});

describe('ports', () => {
  it.each([
    [port(8001, 21_010), '8001 → 127.0.0.1:21010'],
    [port(8001, null, null), '8001'],
    [port(8001, 80, '::'), '8001 → [::]:80'],
    [{ ...port(53, null, null), protocol: 'udp' as const }, '53/udp'],
  ])('%j', (given, text) => expect(toPortText(given)).toBe(text));

  it.each([
    [[], ''],
    [[port(8001, 8001), port(8001, 8001, '::')], '8001'],
    [[port(80, 8080), port(443, null)], '80→8080, 443'],
    [[port(1, null), port(2, null), port(3, null), port(4, null)], '1, 2 +2'],
  ])('%j in short', (given, text) => expect(toShortPorts(given)).toBe(text));
});

describe('containers', () => {
  it('counts restarts of all, and the time of the youngest that runs', () => {
    const service = sampleService({
      containers: [
        sampleContainer({ restarts: 1, startedAt: 10 }),
        sampleContainer({ restarts: 2, startedAt: 20 }),
        sampleContainer({ state: 'exited', startedAt: 99 }),
      ],
    });
    expect(countRestarts(service)).toBe(3);
    expect(findRunningSince(service)).toBe(20);
    expect(findRunningSince(sampleService({ containers: [] }))).toBeNull();
  });

  it.each([
    [{ state: 'running' as const, exitCode: 0 }, null],
    [{ state: 'exited' as const, exitCode: null }, null],
    [{ state: 'exited' as const, exitCode: 0 }, '0'],
    [{ state: 'exited' as const, exitCode: 137 }, '137, SIGKILL'],
    [{ state: 'exited' as const, exitCode: 137, outOfMemory: true }, '137, out of memory'],
    [{ state: 'exited' as const, exitCode: 165 }, '165, signal 37'],
  ])('%j', (parts, text) => expect(toExitText(sampleContainer(parts))).toBe(text));
});
