import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFrameDecoder, encodeFrame, type Frame, payloadLimitBytes, RelayProtocolError } from './frame.ts';

const ofStream = fc.integer({ min: 1, max: 2 ** 32 - 1 });
const bytes = (minLength: number, maxLength: number) =>
  fc.uint8Array({ minLength, maxLength }).map((array) => Buffer.from(array));
const frame = (type: Frame['type'], streamId: fc.Arbitrary<number>, payload: fc.Arbitrary<Buffer>) =>
  fc.record({ type: fc.constant(type), streamId, payload });
const anyFrame: fc.Arbitrary<Frame> = fc.oneof(
  frame('hello', fc.constant(0), bytes(2, 300)),
  frame('open', ofStream, bytes(1, 200)),
  frame('opened', ofStream, bytes(0, 0)),
  frame('refused', ofStream, bytes(0, 200)),
  frame('data', ofStream, bytes(1, 3000)),
  frame('end', ofStream, bytes(0, 0)),
  frame('reset', ofStream, bytes(0, 200)),
  frame('window', ofStream, bytes(4, 4)),
  frame('ping', fc.constant(0), bytes(8, 8)),
  frame('pong', fc.constant(0), bytes(8, 8)),
);

/** Cuts at every given share of the whole, wherever that falls. */
function cut(whole: Buffer, shares: readonly number[]): Buffer[] {
  const ends = [...shares.map((share) => Math.floor(share * whole.length)), whole.length].sort((a, b) => a - b);
  return ends.map((end, index) => whole.subarray(ends[index - 1] ?? 0, end));
}

test('what is encoded is decoded, wherever the bytes are cut', () => {
  const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 });
  fc.assert(
    fc.property(fc.array(anyFrame, { maxLength: 12 }), shares, (frames, where) => {
      const decoder = createFrameDecoder();
      const pieces = cut(Buffer.concat(frames.flatMap((one) => encodeFrame(one))), where);
      expect(pieces.flatMap((piece) => decoder.push(piece))).toEqual(frames);
    }),
  );
});

test('any bytes at all give frames or a protocol error, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(bytes(0, 400), { maxLength: 10 }), (chunks) => {
      const decoder = createFrameDecoder();
      try {
        for (const chunk of chunks) decoder.push(chunk);
      } catch (error) {
        expect(error).toBeInstanceOf(RelayProtocolError);
      }
    }),
    { numRuns: 500 },
  );
});

const header = (streamId: number, code: number, length: number) => {
  const bytes = Buffer.alloc(9);
  bytes.writeUInt32BE(streamId, 0);
  bytes.writeUInt8(code, 4);
  bytes.writeUInt32BE(length, 5);
  return bytes;
};

test.each([
  ['a length of 4 GiB', header(1, 5, 2 ** 32 - 1), 'has 4294967295 bytes'],
  ['one byte over the limit', header(1, 5, payloadLimitBytes + 1), 'has 65537 bytes'],
  ['data without data', header(1, 5, 0), 'has 0 bytes'],
  ['an unknown type', header(1, 11, 0), 'no frame type 11'],
  ['type 0', header(0, 0, 0), 'no frame type 0'],
  ['data of no stream', header(0, 5, 3), 'belongs to a stream'],
  ['a greeting of a stream', header(7, 1, 3), 'belongs to none'],
  ['a window of 3 bytes', header(1, 8, 3), 'it may have 4 to 4'],
  ['a JSON log line', Buffer.from('{"level":30,"msg":"listening"}\n'), 'no frame type'],
])('refused at its header: %s', (_name, bytes, message) => {
  expect(() => createFrameDecoder().push(bytes)).toThrow(message);
});

test('a frame that no peer would take is not written', () => {
  const payload = Buffer.alloc(payloadLimitBytes + 1);
  expect(() => encodeFrame({ streamId: 1, type: 'data', payload })).toThrow(RelayProtocolError);
});
