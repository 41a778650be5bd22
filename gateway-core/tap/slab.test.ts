import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDetail } from '../test/exchangeDetail.ts';
import { decodeExchange, decodeRow, encodeExchange } from './exchangeCodec.ts';
import { type ExchangeDetail, toRow } from './exchangeRecord.ts';
import { Slab, type SlabPlace } from './slab.ts';

const text = fc.string({ unit: 'binary', maxLength: 60 });
const nullableText = fc.option(text);
const number = fc.double({ noNaN: true });
const fields = fc.array(fc.tuple(text, text), { maxLength: 5 });
const body = fc.option(fc.record({ contentType: text, text, isCut: fc.boolean() }));

const detail: fc.Arbitrary<ExchangeDetail> = fc
  .record({
    note: nullableText,
    host: text,
    status: fc.option(fc.nat(999)),
    upstreamMs: fc.option(number),
    durationMs: number,
    demo: fc.boolean(),
    replayOf: fc.option(fc.string()),
    forwardedPath: nullableText,
    requestHeaders: fields,
    responseHeaders: fields,
    requestBody: body,
    responseBody: body,
    tries: fc.array(fc.record({ replica: text, status: fc.option(fc.nat(999)), failure: nullableText, ms: number }), {
      maxLength: 3,
    }),
    stages: fc.array(
      fc.record({
        stage: fc.constantFrom('route', 'breaker', 'forward'),
        outcome: fc.constantFrom('pass', 'stop', 'skip'),
        sentence: text,
        startMs: number,
        durationMs: number,
      }),
      { maxLength: 11 },
    ),
  })
  .map((parts) => ({ ...createDetail(1), ...parts }));

test('an exchange comes out as it went in, whatever is written and given up around it', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ detail, length: fc.nat(30_000) }), { maxLength: 40 }), (adds) => {
      const slab = new Slab();
      const kept: { place: SlabPlace; detail: ExchangeDetail }[] = [];
      for (const { detail, length } of adds) {
        const long = { ...detail, path: 'ä'.repeat(length) };
        kept.push({ place: slab.add(encodeExchange(long)), detail: long });
        const oldest = kept.length > 5 ? kept.shift() : undefined;
        if (oldest) slab.free(oldest.place);
        for (const one of kept) expect(decodeExchange(Slab.read(one.place))).toEqual(one.detail);
      }
      for (const one of kept) expect(decodeRow(Slab.read(one.place))).toEqual(toRow(one.detail));
    }),
    { numRuns: 30 },
  );
});

test('a record that is larger than a piece has one of its own', () => {
  const slab = new Slab();
  const large = { ...createDetail(1), path: 'x'.repeat(200_000) };
  const place = slab.add(encodeExchange(large));
  const next = slab.add(encodeExchange(createDetail(2)));
  slab.free(place);
  expect(decodeRow(Slab.read(next)).sequence).toBe(2);
  expect(place.bytes).toBeGreaterThan(200_000);
});
