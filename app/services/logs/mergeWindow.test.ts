import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMergeWindow } from './mergeWindow.ts';
import { sampleLine, sampleStamp } from './sampleLogs.ts';

const roomy = { lines: 10_000, bytes: 1e9 };
const hold = 400;

/** Lines as they arrive: when each was written, and how much later it came. */
const arrivals = fc.array(
  fc.record({ written: fc.nat(3000), delay: fc.nat(1200), source: fc.constantFrom('api', 'db', 'web') }),
  { maxLength: 60 },
);

describe('lines of many containers as they come', () => {
  test('are given each once, by time but for those that come too late, which say so', () => {
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 20, max: 500 }), (list, everyMs) => {
        const window = createMergeWindow(hold, roomy);
        const coming = list
          .map(({ written, delay, source }, index) => ({
            at: written + delay,
            delay,
            line: sampleLine(sampleStamp(written * 1e6), `line ${index}`, source),
          }))
          .sort((a, b) => a.at - b.at);
        const given = [];
        for (let now = 0; now <= 6000; now += everyMs) {
          while (coming[0] && coming[0].at <= now) window.push(coming.shift()?.line as never, now);
          given.push(...window.take(now).lines);
        }
        given.push(...window.take(1e9).lines);
        expect(given.map(({ text }) => text).sort()).toEqual(list.map((_, index) => `line ${index}`).sort());
        const inTime = given.filter(({ late }) => !late).map(({ stamp }) => stamp);
        expect(inTime).toEqual(inTime.toSorted());
        // What came right away is never late, whatever the others did: it was written after what is given already.
        const atOnce = new Set(list.flatMap(({ delay }, index) => (delay === 0 ? [`line ${index}`] : [])));
        const slowest = Math.max(0, ...list.map(({ delay }) => delay));
        if (slowest <= hold) expect(given.filter(({ late, text }) => late && atOnce.has(text))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('are held for a moment, and one that is a little late gets its place', () => {
    const window = createMergeWindow(hold, roomy);
    window.push(sampleLine(sampleStamp(2e9), 'second'), 1000);
    expect(window.dueIn(1000)).toBe(hold);
    expect(window.take(1399).lines).toEqual([]);
    window.push(sampleLine(sampleStamp(1e9), 'first'), 1399);
    expect(window.take(1400).lines.map(({ text, late }) => [text, late])).toEqual([
      ['first', false],
      ['second', false],
    ]);
    window.push(sampleLine(sampleStamp(1e9), 'far too late'), 1500);
    expect(window.take(1900).lines).toMatchObject([{ text: 'far too late', late: true }]);
    expect(window.dueIn(1900)).toBeUndefined();
  });

  test('are dropped and counted where nobody takes them, the oldest first', () => {
    const window = createMergeWindow(hold, { lines: 3, bytes: 1e9 });
    for (let n = 0; n < 10; n += 1) window.push(sampleLine(sampleStamp(n), `${n}`), 0);
    expect(window.dueIn(0)).toBe(hold);
    const { lines, skipped } = window.take(hold);
    expect([lines.map(({ text }) => text), skipped]).toEqual([['7', '8', '9'], 7]);
    expect(window.take(hold).skipped).toBe(0);
  });

  test('are bounded in bytes, too', () => {
    const window = createMergeWindow(0, { lines: 1e6, bytes: 50_000 });
    for (let n = 0; n < 20; n += 1) window.push(sampleLine(sampleStamp(n), 'x'.repeat(10_000)), 0);
    const { lines, skipped } = window.take(0);
    expect(lines.length).toBeLessThanOrEqual(2);
    expect(lines.length + skipped).toBe(20);
  });
});
