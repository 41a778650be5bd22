import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLogDecoder, toStamp } from './logStream.ts';

const stamp = '2026-01-02T03:04:05.123456789Z';

function frame(stream: 1 | 2, text: string): Buffer {
  const body = Buffer.from(text);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

test('frames of both streams become lines with the engine’s time', () => {
  const decoder = createLogDecoder(false);
  const lines = decoder.push(Buffer.concat([frame(1, `${stamp} one\n`), frame(2, `${stamp} two\r\n`)]));
  expect(lines).toMatchObject([
    { stream: 'stdout', stamp, at: Date.parse(stamp), text: 'one' },
    { stream: 'stderr', stamp, at: Date.parse(stamp), text: 'two' },
  ]);
});

test('however the bytes are cut, the lines are the same', () => {
  const bytes = Buffer.concat([
    frame(1, `${stamp} grüße\n`),
    frame(2, `${stamp} b\n${stamp} c`),
    frame(2, ' and more\n'),
  ]);
  const whole = createLogDecoder(false).push(bytes);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: bytes.length }), { maxLength: 20 }), (cuts) => {
      const decoder = createLogDecoder(false);
      const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      const lines = places.slice(1).flatMap((end, index) => decoder.push(bytes.subarray(places[index], end)));
      expect(lines).toEqual(whole);
    }),
  );
  expect(whole.map(({ text }) => text)).toEqual(['grüße', 'b', 'c and more']);
});

test('a tty has no frames', () => {
  expect(createLogDecoder(true).push(Buffer.from(`${stamp} raw\n`))).toMatchObject([{ stream: 'stdout', text: 'raw' }]);
});

test('a frame that claims four gigabytes takes no memory, and a line without end is cut', () => {
  const decoder = createLogDecoder(false);
  const header = Buffer.from([1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
  decoder.push(header);
  for (let n = 0; n < 100; n += 1) expect(decoder.push(Buffer.alloc(1024, 'a'))).toEqual([]);
  const [line] = decoder.push(Buffer.from('\n'));
  expect(line?.text.length).toBe(16 * 1024);
  expect(line?.cut).toBe(true);
});

test('the last line needs no newline', () => {
  const decoder = createLogDecoder(false);
  decoder.push(frame(1, `${stamp} last`));
  expect(decoder.end()).toMatchObject([{ text: 'last' }]);
});

test('looks are kept apart from the text, and end with it', () => {
  const decoder = createLogDecoder(false);
  const [line, long] = decoder.push(
    frame(1, `${stamp} \u001b[32mok\u001b[0m fine\n${stamp} \u001b[31m${'x'.repeat(20_000)}\n`),
  );
  expect(line).toMatchObject({ text: 'ok fine', cut: false, styles: [{ start: 0, end: 2, colour: 'green' }] });
  expect(long).toMatchObject({ cut: true, styles: [{ start: 0, end: 16 * 1024 }] });
});

test.each([
  ['2026-01-02T03:04:05.123456789Z', '2026-01-02T03:04:05.123456789Z'],
  ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000000000Z'],
  ['2026-01-02T03:04:05.12+02:00', '2026-01-02T01:04:05.120000000Z'],
  ['2026-13-02T03:04:05Z', ''],
  ['yesterday', ''],
])('the stamp %s is %j', (text, normal) => {
  expect(toStamp(text)).toBe(normal);
});
