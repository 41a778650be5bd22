import { expect, test } from 'vitest';
import { parseUsage, type UsageSample } from '../docker/usage.ts';
import { toContainerUsage } from './rates.ts';
import { cgroup1 } from './recordedStats.ts';

const container = { id: 'a', service: 'postgres', limits: { cpus: 0.5, memoryBytes: 268_435_456 } };
const sample = (given: Partial<UsageSample> = {}): UsageSample => ({
  at: 10_000,
  cpuNanoseconds: 5e9,
  memoryBytes: 100,
  pids: 3,
  networks: { eth0: { rxBytes: 1000, txBytes: 500 } },
  ...given,
});
const later = (given: Partial<UsageSample> = {}) =>
  sample({ at: 12_000, cpuNanoseconds: 6.5e9, networks: { eth0: { rxBytes: 3000, txBytes: 500 } }, ...given });

test('two samples of a real engine become shares and rates', () => {
  const usage = toContainerUsage(container, parseUsage(cgroup1.before), parseUsage(cgroup1.after));
  // 54 670 454 ns of CPU in 2.109 s.
  expect(usage.cpuShare).toBeCloseTo(0.0259, 4);
  expect(usage.networkRxBytesPerSecond).toBeCloseTo(8495 / 2.109, 3);
  expect(usage.networkTxBytesPerSecond).toBeCloseTo(44_773 / 2.109, 3);
  expect(usage).toMatchObject({ container: 'a', service: 'postgres', memoryBytes: 40_185_856, pids: 7 });
  expect(usage).toMatchObject({ cpuLimit: 0.5, memoryLimitBytes: 268_435_456 });
});

const unknownRates = { cpuShare: null, networkRxBytesPerSecond: null, networkTxBytesPerSecond: null };

test.each([
  ['over the limit and several cores', sample(), later({ cpuNanoseconds: 5e9 + 8e9 }), { cpuShare: 4 }],
  ['an idle one', sample(), later({ cpuNanoseconds: 5e9 }), { cpuShare: 0 }],
  ['the first sample knows levels and no rates', undefined, later(), { ...unknownRates, memoryBytes: 100, pids: 3 }],
  ['no sample knows nothing', sample(), undefined, { ...unknownRates, memoryBytes: null, pids: null }],
  ['counters that fell back', later(), sample({ at: 14_000 }), { cpuShare: null, networkRxBytesPerSecond: null }],
  ['the same sample twice', sample(), sample(), unknownRates],
  ['samples out of order', later(), sample(), unknownRates],
  ['CPU not counted', sample({ cpuNanoseconds: null }), later(), { cpuShare: null, networkRxBytesPerSecond: 1000 }],
  [
    'an interface that was just connected',
    sample(),
    later({ networks: { eth0: { rxBytes: 3000, txBytes: 500 }, eth1: { rxBytes: 9e9, txBytes: 9e9 } } }),
    { networkRxBytesPerSecond: 1000, networkTxBytesPerSecond: 0 },
  ],
  ['no interface in both', sample({ networks: {} }), later(), { networkRxBytesPerSecond: null, cpuShare: 0.75 }],
])('%s', (_, before, after, expected) => {
  expect(toContainerUsage(container, before, after)).toMatchObject(expected);
});
