import { describe, expect, it } from 'vitest';
import { formatStageMs, type Stage, toStageBars } from './stageBars.ts';

const stage = (startMs: number, durationMs: number): Stage => ({
  stage: 'forward',
  outcome: 'pass',
  sentence: '',
  startMs,
  durationMs,
});

describe('toStageBars', () => {
  it.each([
    ['a stage in the middle', [stage(25, 50)], 100, [{ left: 25, width: 50 }]],
    ['a stage too short to be seen', [stage(0, 0.001)], 100, [{ left: 0, width: 0.8 }]],
    ['a short stage at the very end', [stage(100, 0)], 100, [{ left: 99.2, width: 0.8 }]],
    ['a stage that ends late', [stage(50, 150)], 100, [{ left: 25, width: 75 }]],
    ['an exchange of no time', [stage(0, 0)], 0, [{ left: 0, width: 0.8 }]],
  ])('places %s', (_name, stages, durationMs, bars) => {
    expect(toStageBars(stages, durationMs)).toMatchObject(bars);
  });
});

describe('skipped stages', () => {
  it('are one line with their neighbours', () => {
    const skipped = (name: string): Stage => ({ ...stage(0, 0), stage: name, outcome: 'skip' });
    const rows = toStageBars([stage(0, 1), skipped('a'), skipped('b'), stage(1, 1), skipped('c')], 2);
    expect(rows.map((row) => (row.kind === 'bar' ? row.stage : row.stages.map((one) => one.stage)))).toEqual([
      'forward',
      ['a', 'b'],
      'forward',
      ['c'],
    ]);
  });

  it('are said to be skipped, or not to be reached', () => {
    const stopped: Stage = { ...stage(0, 1), outcome: 'stop' };
    const skipped: Stage = { ...stage(0, 0), outcome: 'skip' };
    expect(toStageBars([stopped, skipped], 1)[1]).toMatchObject({ isAfterStop: true });
    expect(toStageBars([stage(0, 1), skipped], 1)[1]).toMatchObject({ isAfterStop: false });
  });
});

describe('formatStageMs', () => {
  it.each([
    [0.018, '0.02'],
    [12.44, '12.4'],
    [1204.2, '1\u202f204'],
  ])('%d', (ms, text) => expect(formatStageMs(ms)).toBe(text));
});
