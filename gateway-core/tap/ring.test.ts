import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDetail } from '../test/exchangeDetail.ts';
import { type ExchangeDetail, toRow as pickRow } from './exchangeRecord.ts';
import { createRing } from './ring.ts';

const toRow = (detail: ExchangeDetail | undefined) => detail && pickRow(detail);

test('errors outlive a flood of successes, and successes a flood of errors up to half the ring', () => {
  const ring = createRing(100_000);
  for (let index = 1; index <= 10; index++) ring.add(createDetail(index), true);
  for (let index = 11; index <= 2_000; index++) ring.add(createDetail(index), false);
  expect(ring.newest(10_000).filter(({ sequence }) => sequence <= 10)).toHaveLength(10);
  for (let index = 2_001; index <= 4_000; index++) ring.add(createDetail(index), true);
  for (let index = 4_001; index <= 4_020; index++) ring.add(createDetail(index), false);
  expect(ring.newest(10_000).filter(({ sequence }) => sequence > 4_000)).toHaveLength(20);
});

test('the bound holds, what is listed can be found, and the newest is kept', () => {
  const add = fc.record({ length: fc.nat(9_000), precious: fc.boolean(), again: fc.boolean() });
  fc.assert(
    fc.property(fc.array(add, { maxLength: 120 }), (adds) => {
      const ring = createRing(65_536);
      adds.forEach(({ length, precious, again }, index) => {
        const id = again ? 'again' : `id-${index}`;
        ring.add(createDetail(index, '/'.repeat(length), id), precious);
        expect(ring.bytes).toBeLessThanOrEqual(65_536);
        expect(ring.find(id)?.sequence).toBe(index);
      });
      const rows = ring.newest(1_000);
      expect(rows).toHaveLength(ring.kept);
      expect(rows.map((row) => row.sequence)).toEqual(rows.map((row) => row.sequence).toSorted((a, b) => a - b));
      // Of records that share an id only the newest can be found.
      expect([...ring.newestFirst()]).toEqual(rows.toReversed());
      for (const row of rows) if (row.id !== 'again') expect(toRow(ring.find(row.id))).toEqual(row);
    }),
  );
});

test('a record larger than the ring is not kept', () => {
  const ring = createRing(65_536);
  ring.add(createDetail(1, 'x'.repeat(70_000)), true);
  expect(ring.kept).toBe(0);
});
