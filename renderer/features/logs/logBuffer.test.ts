import { describe, expect, it } from 'vitest';
import { LogBuffer } from './logBuffer.ts';
import { sampleLine } from './logSample.ts';

const batch = (texts: string[], skipped = 0) => ({
  lines: texts.map((text) => sampleLine(text)),
  skipped,
  away: null,
});
const rowsOf = (buffer: LogBuffer) =>
  [...buffer.rows()].map((row) => {
    if (row.kind === 'line') return row.line.text;
    return row.kind === 'skipped' ? `${row.count} skipped` : `away ${row.from}-${row.to}`;
  });

describe('LogBuffer', () => {
  it('keeps the newest lines, and says in place where some are missing', () => {
    const buffer = new LogBuffer(4);
    buffer.append([batch(['a', 'b', 'c']), { ...batch(['d'], 7), away: { from: 1, to: 2 } }]);
    expect(rowsOf(buffer)).toEqual(['c', 'away 1-2', '7 skipped', 'd']);
    expect(buffer.lineCount).toBe(2);
    expect(buffer.findRow(0)).toMatchObject({ line: { text: 'c' } });
  });

  it('finds rows by their key, until they are gone', () => {
    const buffer = new LogBuffer(3);
    buffer.append([batch(['a', 'b', 'c', 'd'])]);
    const keys = [...buffer.rows()].map(({ key }) => key);
    expect(keys.map((key) => buffer.findIndex(key))).toEqual([0, 1, 2]);
    expect(buffer.findIndex(1)).toBe(-1);
  });

  it('puts older lines before the others, with keys of their own', () => {
    const buffer = new LogBuffer(3);
    buffer.append([batch(['c', 'd'])]);
    expect(buffer.prepend([sampleLine('a'), sampleLine('b')])).toBe(2);
    expect(rowsOf(buffer)).toEqual(['a', 'b', 'c', 'd']);
    expect([...buffer.rows()].map(({ key }) => buffer.findIndex(key))).toEqual([0, 1, 2, 3]);
    expect(buffer.prepend(Array.from({ length: 9 }, (_, index) => sampleLine(`o${index}`)))).toBe(2);
    buffer.append([batch(['e'])]);
    expect(rowsOf(buffer)).toEqual(['c', 'd', 'e']);
  });

  it('walks to the next line that is looked for, both ways', () => {
    const buffer = new LogBuffer();
    buffer.append([batch(['x', 'hit', 'y'], 1), batch(['hit'])]);
    const isHit = ({ text }: { text: string }) => text === 'hit';
    const first = buffer.findNext(-1, 1, isHit);
    const second = buffer.findNext(first, 1, isHit);
    expect([first, second, buffer.findNext(second, 1, isHit)]).toEqual([2, 4, -1]);
    expect(buffer.findNext(second, -1, isHit)).toBe(first);
  });

  it('holds arrivals back while somebody reads', () => {
    const buffer = new LogBuffer();
    buffer.append([batch(['a'])]);
    buffer.setHeld(true);
    buffer.append([batch(['b', 'c'])]);
    expect(rowsOf(buffer)).toEqual(['a']);
    expect(buffer.heldCount).toBe(2);
    buffer.setHeld(false);
    expect(rowsOf(buffer)).toEqual(['a', 'b', 'c']);
    expect(buffer.heldCount).toBe(0);
  });

  it('holds no more than it keeps, and says how many are missing', () => {
    const buffer = new LogBuffer(4);
    buffer.setHeld(true);
    buffer.append([batch(['a', 'b'], 1), batch(['c', 'd']), batch(['e'])]);
    expect(buffer.heldCount).toBe(3);
    buffer.setHeld(false);
    expect(rowsOf(buffer)).toEqual(['3 skipped', 'c', 'd', 'e']);
  });
});
