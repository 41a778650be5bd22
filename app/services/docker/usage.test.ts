import { describe, expect, test } from 'vitest';
import { cgroup1, cgroup2, notRunning } from '../stats/recordedStats.ts';
import { parseUsage } from './usage.ts';

describe('what the engine says of a container', () => {
  test('on cgroup v1, memory is without the inactive page cache of all groups below', () => {
    expect(parseUsage(cgroup1.after)).toEqual({
      at: Date.parse('2026-11-23T09:33:42.323Z'),
      cpuNanoseconds: 3_215_810_326,
      memoryBytes: 76_718_080 - 36_532_224,
      pids: 7,
      networks: { eth0: { rxBytes: 491_617, txBytes: 2_518_650 } },
    });
  });

  test('on cgroup v2, the inactive page cache has another name', () => {
    expect(parseUsage(cgroup2)).toMatchObject({
      cpuNanoseconds: 41_250_000_000,
      memoryBytes: 201_326_592 - 50_331_648,
      pids: 24,
      networks: { eth0: { rxBytes: 1000, txBytes: 2000 }, eth1: { rxBytes: 10, txBytes: 20 } },
    });
  });

  const { usage } = cgroup2.memory_stats;
  test.each([
    ['no cache is said', { usage, stats: {} }, usage],
    ['no statistics are said', { usage, stats: null }, usage],
    ['more cache than usage is said', { usage, stats: { inactive_file: usage + 1 } }, usage],
    ['v1 says both names', { usage, stats: { inactive_file: 1, total_inactive_file: 100 } }, usage - 100],
    ['nothing is said of memory', {}, null],
    ['the usage is no number', { usage: 'much' }, null],
    ['the usage is negative', { usage: -1 }, null],
  ])('memory, where %s', (_, memory, bytes) => {
    expect(parseUsage({ ...cgroup2, memory_stats: memory })?.memoryBytes).toBe(bytes);
  });

  test('a container without a network of its own has none, and one that is not counted has no CPU time', () => {
    const { networks: _, cpu_stats: __, ...rest } = cgroup2;
    expect(parseUsage(rest)).toMatchObject({ networks: {}, cpuNanoseconds: null });
  });

  test('Windows counts in 100 ns: rather nothing than a hundredth', () => {
    expect(parseUsage({ ...cgroup2, num_procs: 4 })?.cpuNanoseconds).toBeNull();
  });

  test.each([
    ['one that does not run', notRunning],
    ['no time', { ...cgroup2, read: undefined }],
    ['text', 'internal server error'],
    ['nothing', null],
  ])('says nothing: %s', (_, answer) => {
    expect(parseUsage(answer)).toBeUndefined();
  });
});
