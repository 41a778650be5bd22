import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanText, createLogDecoder } from './logStream.ts';

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
  expect(lines).toEqual([
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
});

test('the last line needs no newline', () => {
  const decoder = createLogDecoder(false);
  decoder.push(frame(1, `${stamp} last`));
  expect(decoder.end()).toMatchObject([{ text: 'last' }]);
});

test.each([
  ['colours', '\u001b[31mred\u001b[0m', 'red'],
  ['a title for the terminal', '\u001b]0;owned\u0007text', 'text'],
  ['a link', '\u001b]8;;http://evil\u001b\\click\u001b]8;;\u001b\\', 'click'],
  ['bells and backspaces', 'a\u0007\u0008b\u0000c', 'abc'],
  ['C1 controls', 'a\u009b31mb', 'a31mb'],
  ['text that is turned around', 'user\u202Enimda', 'usernimda'],
  ['tabs stay', 'a\tb', 'a\tb'],
])('%s', (_, text, shown) => {
  expect(cleanText(text)).toBe(shown);
});
