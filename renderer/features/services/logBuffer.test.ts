import { describe, expect, it } from 'vitest';
import type { LogBatch, LogLine } from '../../../app/contract/index.ts';
import { LogBuffer } from './logBuffer.ts';

const line = (text: string, parts: Partial<LogLine> = {}): LogLine => ({
  at: 0,
  service: 'search',
  container: 'search-1',
  stream: 'stdout',
  level: 'info',
  text,
  ...parts,
});
const batch = (texts: string[], skipped = 0): LogBatch => ({ lines: texts.map((text) => line(text)), skipped });
const rowsOf = (buffer: LogBuffer) =>
  [...buffer.rows()].map((row) => (row.kind === 'line' ? row.line.text : `${row.count} skipped`));

describe('LogBuffer', () => {
  it('keeps the newest lines, and says in place where some are missing', () => {
    const buffer = new LogBuffer(3);
    buffer.append([batch(['a', 'b']), batch(['c'], 7)]);
    expect(rowsOf(buffer)).toEqual(['b', '7 skipped', 'c']);
    expect(buffer.findRow(0)).toMatchObject({ line: { text: 'b' } });
  });

  it('filters what is kept once, and arrivals as they come', () => {
    const buffer = new LogBuffer();
    buffer.append([batch(['one', 'two'])]);
    buffer.setFilter({ text: 'TW', onlyTrouble: false });
    buffer.append([batch(['twenty', 'three'])]);
    expect(rowsOf(buffer)).toEqual(['two', 'twenty']);
    buffer.setFilter({ text: '', onlyTrouble: false });
    expect(buffer.rowCount).toBe(4);
  });

  it.each([
    [{ level: 'error' as const }, true],
    [{ level: 'warn' as const }, true],
    [{ level: 'info' as const, stream: 'stderr' as const }, false],
    [{ level: null, stream: 'stderr' as const }, true],
    [{ level: null }, false],
  ])('takes %j for trouble: %s', (parts, isTrouble) => {
    const buffer = new LogBuffer();
    buffer.setFilter({ text: '', onlyTrouble: true });
    buffer.append([{ lines: [line('x', parts)], skipped: 0 }]);
    expect(buffer.rowCount).toBe(isTrouble ? 1 : 0);
  });

  it('drops the oldest of the filtered lines with those that are kept', () => {
    const buffer = new LogBuffer(2);
    buffer.setFilter({ text: 'x', onlyTrouble: false });
    buffer.append([batch(['x1', 'y', 'x2'])]);
    expect(rowsOf(buffer)).toEqual(['x2']);
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
