import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ChunkReader } from './chunks.ts';

interface Reading {
  readonly body: string;
  /** Bytes that belong to it; -1 when it was refused. */
  readonly used: number;
  readonly isOver: boolean;
  readonly trailers: [string, string][];
}

/** Hands the bytes over in pieces that end at `cuts`. */
function read(text: string, cuts: readonly number[] = []): Reading {
  const bytes = Buffer.from(text, 'latin1');
  const reader = new ChunkReader();
  const body: Buffer[] = [];
  const visitor = { onData: (chunk: Buffer) => void body.push(Buffer.from(chunk)) };
  const ends = [...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
  let used = 0;
  let at = 0;
  for (const end of ends) {
    const count = reader.read(bytes.subarray(at, end), 0, visitor);
    if (count === -1) return { body: '', used: -1, isOver: false, trailers: [] };
    used += count;
    at = end;
    if (reader.isOver) break;
  }
  return { body: Buffer.concat(body).toString('latin1'), used, isOver: reader.isOver, trailers: reader.trailers };
}

test.each<[text: string, body: string, trailers: [string, string][]]>([
  ['0\r\n\r\n', '', []],
  ['5\r\nhello\r\n0\r\n\r\n', 'hello', []],
  ['00A;name="v" ; b\r\n0123456789\r\n0;last\r\n\r\n', '0123456789', []],
  [
    '1\r\na\r\n0\r\nX-Sum: 1\r\nx:\r\n\r\n',
    'a',
    [
      ['X-Sum', '1'],
      ['x', ''],
    ],
  ],
])('%j is %j', (text, body, trailers) => {
  expect(read(`${text}HTTP/1.1`)).toEqual({ body, used: text.length, isOver: true, trailers });
});

test.each([
  '\r\n',
  'g\r\n',
  '-1\r\n',
  '+1\r\n',
  '0x5\r\nhello\r\n',
  ' 5\r\nhello\r\n',
  '5 \r\nhello\r\n',
  '5\nhello\n',
  '5\r\nhello0\r\n\r\n',
  '5\r\nhello\n0\r\n\r\n',
  '1234567890123\r\n',
  '5;\0\r\nhello\r\n',
  `5;${'x'.repeat(300)}`,
  '0\r\nno colon\r\n\r\n',
  '0\r\n folded: x\r\n\r\n',
  '0\r\nx: \0\r\n\r\n',
  `0\r\nx: ${'y'.repeat(9_000)}`,
  `0\r\n${'x: y\r\n'.repeat(65)}\r\n`,
])('%j is refused', (text) => expect(read(text).used).toBe(-1));

test('however a body is cut into chunks and these into reads, it is the same, and ends at the same byte', () => {
  const trailer = fc.tuple(fc.constantFrom('X-Sum', 'x', 'Grpc-Status'), fc.constantFrom('1', 'a b', ''));
  const chunk = fc.record({
    data: fc.uint8Array({ minLength: 1, maxLength: 600 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    extension: fc.constantFrom('', ';a', ' ;a=b', ';a="\xe9"'),
    upper: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(chunk, { maxLength: 8 }),
      fc.array(trailer, { maxLength: 3 }),
      fc.array(fc.nat(3_000), { maxLength: 60 }),
      fc.nat(4_000),
      (chunks, trailers, cuts, short) => {
        const toSize = ({ data, upper }: { data: string; upper: boolean }) => {
          const size = data.length.toString(16);
          return upper ? size.toUpperCase() : size;
        };
        const coded = chunks.map((one) => `${toSize(one)}${one.extension}\r\n${one.data}\r\n`).join('');
        const fields = trailers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
        const text = `${coded}0\r\n${fields}\r\n`;
        const body = chunks.map(({ data }) => data).join('');
        expect(read(`${text}more`, cuts)).toEqual({ body, used: text.length, isOver: true, trailers });
        // Cut off anywhere, it is never taken for whole.
        const part = read(text.slice(0, Math.min(short, text.length - 1)), cuts);
        expect(part.isOver).toBe(false);
        expect(body.startsWith(part.body)).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});
