import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTatTable } from './tatTable.ts';

describe('the table of arrival times', () => {
  test('holds no more keys than its limit and keeps those in use', () => {
    const table = createTatTable(100);
    table.set('in use', 1, 0);
    for (let index = 0; index < 10_000; index++) {
      table.set(`key ${index}`, 1, 0);
      if (index % 40 === 0) table.set('in use', index, 0);
      expect(table.size).toBeLessThanOrEqual(100);
      expect(table.find('in use')).toBeDefined();
    }
    expect(table.find('key 0')).toBeUndefined();
    expect(table.find('key 9999')).toBe(1);
  });

  test('counts what it gave up too early, and nothing that owed nothing', () => {
    const table = createTatTable(4);
    for (const key of ['a', 'b']) table.set(key, 50, 0);
    for (const key of ['c', 'd']) table.set(key, 200, 100);
    expect(table.forgotten).toBe(0);
    for (const key of ['e', 'f']) table.set(key, 200, 100);
    expect([table.find('c'), table.forgotten]).toEqual([undefined, 2]);
  });

  test('is a map as long as it is not full', () => {
    const action = fc.record({ key: fc.constantFrom('a', 'b', 'c'), tat: fc.option(fc.nat(), { nil: undefined }) });
    fc.assert(
      fc.property(fc.array(action), (actions) => {
        const table = createTatTable(6);
        const model = new Map<string, number>();
        for (const { key, tat } of actions) {
          if (tat === undefined) expect(table.delete(key)).toBe(model.delete(key));
          else {
            table.set(key, tat, 0);
            model.set(key, tat);
          }
          expect(new Map(table.entries())).toEqual(model);
          expect(table.size).toBe(model.size);
        }
      }),
    );
  });
});
