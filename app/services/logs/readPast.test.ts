import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logFilterSchema } from '../../contract/index.ts';
import { EngineRefusal } from '../docker/engineProblem.ts';
import type { LogSource } from './logSource.ts';
import { createPosition } from './position.ts';
import { readNewer, readOlder } from './readPast.ts';
import { sampleSource, sampleStamp } from './sampleLogs.ts';
import { createSelection } from './selectLines.ts';

const { signal } = new AbortController();
const selectionOf = (filter: object) => createSelection(logFilterSchema.parse(filter));
const everything = selectionOf({});
const limitsOf = (lines: number) => ({ lines, bytes: 1e9 });

/** Several logs, each in order; seconds and nanoseconds, so that stamps repeat and lie far apart. */
const logs = fc.array(
  fc.array(fc.tuple(fc.constantFrom(0, 1, 2, 30, 300, 90_000), fc.nat(2)), { maxLength: 12 }).map((steps) => {
    let at = 0;
    return steps.map(([seconds, nano]) => {
      at += seconds * 1e9 + nano;
      return at;
    });
  }),
  { minLength: 1, maxLength: 4 },
);

const toSources = (list: readonly number[][]) =>
  list.map((times, log) =>
    sampleSource(
      `s${log}`,
      times.map((at, n) => [sampleStamp(at), `${log}.${n}`] as const),
    ),
  );

/** All lines by time; of the same time, by log. */
const inOrder = (list: readonly number[][]) =>
  list
    .flatMap((times, log) => times.map((at, n) => ({ stamp: sampleStamp(at), text: `${log}.${n}` })))
    .sort((a, b) => (a.stamp < b.stamp ? -1 : a.stamp > b.stamp ? 1 : 0));

describe('the past of many logs', () => {
  test('page by page back it is every line once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(logs, fc.integer({ min: 1, max: 7 }), async (list, limit) => {
        let before: string | null = null;
        const pages: string[][] = [];
        for (let turn = 0; turn < 200; turn += 1) {
          const question = {
            sources: toSources(list),
            selection: everything,
            limits: limitsOf(limit),
            from: null,
            before,
          };
          const { lines, reach } = await readOlder(question, signal);
          const stamps = lines.map(({ stamp }) => stamp);
          expect(stamps).toEqual(stamps.toSorted());
          pages.unshift(lines.map(({ text }) => text));
          if (reach.cursor === null) break;
          // Each page begins where the one before it ended.
          expect(before === null || reach.cursor < before).toBe(true);
          before = reach.cursor;
        }
        expect(pages.flat().toSorted()).toEqual(
          inOrder(list)
            .map(({ text }) => text)
            .toSorted(),
        );
      }),
      { numRuns: 100 },
    );
  });

  test('page by page on it is every line once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(logs, fc.integer({ min: 4, max: 9 }), async (list, limit) => {
        let from: string | null = null;
        const all: string[] = [];
        for (let turn = 0; turn < 200; turn += 1) {
          const question = {
            sources: toSources(list),
            selection: everything,
            limits: limitsOf(limit),
            from,
            before: null,
          };
          const { lines, reach } = await readNewer(question, signal);
          all.push(...lines.map(({ text }) => text));
          if (reach.cursor === null) break;
          from = `${reach.cursor.slice(0, 20)}${String(Number(reach.cursor.slice(20, 29)) + 1).padStart(9, '0')}Z`;
        }
        expect(all.toSorted()).toEqual(
          inOrder(list)
            .map(({ text }) => text)
            .toSorted(),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('few lines that fit are found far back, and nothing is claimed of what was not read', async () => {
    const times = Array.from(
      { length: 50 },
      (_, n) => [sampleStamp(n * 1e9), n === 3 ? '{"level":"error","msg":"x"}' : 'fine'] as const,
    );
    const question = {
      sources: [sampleSource('api', times), sampleSource('db', [])],
      selection: selectionOf({ levels: ['error'] }),
      limits: limitsOf(10),
      from: null,
      before: null,
    };
    const { lines, reach } = await readOlder(question, signal);
    expect(lines).toMatchObject([{ service: 'api', level: 'error', message: 'x' }]);
    expect(reach).toEqual({ read: 50, cursor: null, endedBy: null });
  });

  test('a stretch of time is just that stretch', async () => {
    const log = Array.from({ length: 20 }, (_, n) => [sampleStamp(n * 1e9), `${n}`] as const);
    const sources = [sampleSource('api', log)];
    const question = {
      sources,
      selection: everything,
      limits: limitsOf(100),
      from: sampleStamp(5e9),
      before: sampleStamp(9e9),
    };
    expect((await readOlder(question, signal)).lines.map(({ text }) => text)).toEqual(['5', '6', '7', '8']);
    expect((await readNewer(question, signal)).lines.map(({ text }) => text)).toEqual(['5', '6', '7', '8']);
  });

  test('a log that the engine does not give is named with its words; one that is gone is not', async () => {
    const refusing = (service: string, status: number): LogSource => ({
      origin: { service, container: `${service}-1` },
      position: createPosition(),
      // biome-ignore lint/correctness/useYield: it refuses before its first line
      async *read() {
        throw new EngineRefusal('log', status, 'configured logging driver does not support reading\u001b[2J');
      },
    });
    const sources = [refusing('a', 501), refusing('b', 404), sampleSource('c', [[sampleStamp(1), 'said']])];
    const page = await readOlder(
      { sources, selection: everything, limits: limitsOf(5), from: null, before: null },
      signal,
    );
    expect(page.lines).toHaveLength(1);
    expect(page.unreadable).toEqual([
      { service: 'a', container: 'a-1', reason: 'configured logging driver does not support reading' },
    ]);
  });
});
