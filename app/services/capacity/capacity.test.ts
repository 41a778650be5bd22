import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDiskUsage, parseMachine } from '../docker/diskUsage.ts';
import { foreseeFull, judgeDisk, judgeMemory } from './judgeCapacity.ts';
import { findObstacle } from './localMachine.ts';

const gib = 1024 ** 3;

test.each([
  ['much of a small disk', 20 * gib, 10 * gib, 'ok'],
  ['little of a small disk', 20 * gib, 2.5 * gib, 'degraded'],
  ['little share of a large disk, which is still much', 4000 * gib, 100 * gib, 'ok'],
  ['next to nothing', 100 * gib, 0.5 * gib, 'down'],
  ['not known', null, null, 'unknown'],
] as const)('disk: %s', (_, totalBytes, freeBytes, level) => {
  expect(judgeDisk({ totalBytes, freeBytes })).toBe(level);
});

test('less room is never better', () => {
  const order = ['ok', 'degraded', 'down'];
  const room = fc.integer({ min: 1, max: 8000 });
  fc.assert(
    fc.property(
      room,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (total, a, b) => {
        for (const judge of [judgeDisk, judgeMemory]) {
          const levels = [Math.max(a, b), Math.min(a, b)].map((share) =>
            order.indexOf(judge({ totalBytes: total * gib, freeBytes: share * total * gib })),
          );
          expect(levels[1]).toBeGreaterThanOrEqual(levels[0] ?? 0);
        }
      },
    ),
  );
});

test('the end of the disk is foreseen by its pace, not from a moment and not when it is far', () => {
  const at = 1_800_000_000_000;
  const minutes = (count: number) => count * 60_000;
  expect(
    foreseeFull([
      { at, freeBytes: 600 },
      { at: at + minutes(10), freeBytes: 500 },
    ]),
  ).toBe(at + minutes(60));
  expect(
    foreseeFull([
      { at, freeBytes: 600 },
      { at: at + minutes(1), freeBytes: 1 },
    ]),
  ).toBeNull();
  expect(
    foreseeFull([
      { at, freeBytes: 600 },
      { at: at + minutes(10), freeBytes: 700 },
    ]),
  ).toBeNull();
  expect(
    foreseeFull([
      { at, freeBytes: 1e9 },
      { at: at + minutes(10), freeBytes: 1e9 - 1 },
    ]),
  ).toBeNull();
});

test('what docker system df counts is added up as the docker command does', () => {
  const usage = parseDiskUsage({
    LayersSize: 1000,
    Images: [
      { Size: 700, SharedSize: 200, Containers: 1 },
      { Size: 500, SharedSize: 200, Containers: 0 },
    ],
    Containers: [
      { SizeRw: 10, State: 'running' },
      { SizeRw: 5, State: 'exited' },
    ],
    Volumes: [
      { Name: 'shop_data', Labels: { 'com.docker.compose.project': 'shop' }, UsageData: { Size: 300, RefCount: 1 } },
      { Name: 'old', Labels: null, UsageData: { Size: 40, RefCount: 0 } },
    ],
    BuildCache: [
      { Size: 7, InUse: false, Shared: false },
      { Size: 9, InUse: true, Shared: true },
    ],
  });
  expect(usage).toMatchObject({
    images: { count: 2, bytes: 1000, reclaimableBytes: 500 },
    containers: { count: 2, bytes: 15, reclaimableBytes: 5 },
    volumes: { count: 2, bytes: 340, reclaimableBytes: 40 },
    buildCache: { count: 1, bytes: 7, reclaimableBytes: 7 },
  });
  expect(usage.eachVolume).toContainEqual({ name: 'shop_data', bytes: 300, users: 1, project: 'shop' });
});

test('what an engine does not count is unknown, not nothing', () => {
  const usage = parseDiskUsage({
    LayersSize: 0,
    Images: [{ Size: 0, SharedSize: -1, Containers: -1 }],
    Volumes: [{ Name: 'a', UsageData: { Size: -1, RefCount: 1 } }],
  });
  expect(usage.images.bytes).toBeNull();
  expect(usage.volumes).toEqual({ count: 1, bytes: null, reclaimableBytes: null });
  expect(usage.containers).toEqual({ count: 0, bytes: 0, reclaimableBytes: 0 });
});

const machine = (given = {}) =>
  parseMachine({ Name: 'shop-1', OperatingSystem: 'Debian', DockerRootDir: '/data', ...given });
const here = { kind: 'socket', path: '/run/docker.sock' } as const;

test.each([
  ['the same machine', here, {}, null],
  ['the end of a tunnel', here, { Name: 'else' }, /calls its machine else/],
  ['Docker Desktop', here, { OperatingSystem: 'Docker Desktop' }, /a machine of its own/],
  ['another machine', { kind: 'tcp', host: '192.0.2.7', port: 2376, tls: null } as const, {}, /on another machine/],
])('whose disk: %s', (_, address, given, expected) => {
  const found = findObstacle(address, machine(given), { ownName: 'shop-1', isSandbox: false });
  if (expected === null) expect(found).toBeNull();
  else expect(found).toMatch(expected);
});
