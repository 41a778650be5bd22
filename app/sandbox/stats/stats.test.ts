import { expect, test } from 'vitest';
import { type ProcessSample, parseStat, parseSystemNanoseconds } from './procfs.ts';
import { parsePs } from './top.ts';
import { type ContainerSample, toStats } from './view.ts';

test('a process is read behind its name, whatever the name holds', () => {
  const fields = 'S 41 41 41 0 -1 0 0 0 0 0 150 70 0 0 20 0 11 0 5000 1 1';
  for (const name of ['node', 'a) R 1 (b', 'x y']) {
    expect(parseStat(`42 (${name}) ${fields}`)).toEqual({
      state: 'S',
      parentPid: 41,
      userNanoseconds: 1_500_000_000,
      kernelNanoseconds: 700_000_000,
      threads: 11,
      startedAfterMs: 50_000,
    });
  }
});

test('the time of the machine leaves out guests, who are counted as users', () => {
  expect(parseSystemNanoseconds('cpu  1 2 3 4 5 6 7 8 9 10\ncpu0 1 1 1 1')).toBe(28 * 10_000_000);
});

const process: ProcessSample = {
  pid: 1,
  parentPid: 0,
  userId: 0,
  state: 'S',
  threads: 4,
  userNanoseconds: 30,
  kernelNanoseconds: 10,
  startedAfterMs: 0,
  residentBytes: 1_000,
  residentFileBytes: 400,
  readBytes: 7,
  writtenBytes: undefined,
  command: [],
};
const sample: ContainerSample = {
  at: 0,
  processes: [process, { ...process, readBytes: 5 }],
  systemNanoseconds: 500,
  processors: 2,
  memoryBytes: 9_000,
};

test('processes are added up, and what is not known is left out', () => {
  const stats = toStats({ id: 'x', name: 'a', sample, previous: undefined });
  expect(stats).toMatchObject({
    read: '1970-01-01T00:00:00.000Z',
    preread: '0001-01-01T00:00:00Z',
    pids_stats: { current: 8 },
    cpu_stats: { cpu_usage: { total_usage: 80, usage_in_usermode: 60 }, system_cpu_usage: 500, online_cpus: 2 },
    precpu_stats: { cpu_usage: { total_usage: 0 } },
    memory_stats: { usage: 2_000, limit: 9_000, stats: { anon: 1_200, file: 800, inactive_file: 800 } },
    blkio_stats: { io_service_bytes_recursive: [{ op: 'read', value: 12 }] },
  });
  expect(stats).not.toHaveProperty('networks');
  const elsewhere = toStats({
    id: 'x',
    name: 'a',
    sample: { ...sample, systemNanoseconds: undefined },
    previous: undefined,
  });
  expect(elsewhere.cpu_stats).not.toHaveProperty('system_cpu_usage');
});

test('the table of ps is cut down to the processes of the container, without the preload of the engine', () => {
  const output = [
    '    PID COMMAND  ARGS',
    '     12 node     /bin/node --import data:text/javascript,x service.js search',
    '    123 other    other --pid 12',
    '',
  ].join('\n');
  expect(parsePs(output, [12, 99])).toEqual({
    Titles: ['PID', 'COMMAND', 'ARGS'],
    Processes: [['12', 'node', '/bin/node service.js search']],
  });
  expect(() => parsePs('COMMAND\nnode', [12])).toThrow("Couldn't find PID field");
});
