import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FIELD_NAME, FIELD_VALUE } from '../../headers/fieldSyntax.ts';
import type { RequestHead } from './headReader.ts';
import { RequestReader } from './requestReader.ts';

const LIMITS = { maxHeaderBytes: 4_096, maxHeaders: 20 };

interface ReadRequest {
  readonly head: RequestHead;
  readonly body: string;
}

interface Reading {
  readonly requests: ReadRequest[];
  /** undefined: everything was taken, and more may come. */
  readonly fault: string | undefined;
  readonly isInside: boolean;
}

/** Reads bytes in pieces that end at `cuts`. */
function read(bytes: string, cuts: readonly number[] = []): Reading {
  const requests: { head: RequestHead; body: string }[] = [];
  const reader = new RequestReader({
    wantsMore: () => true,
    onHead: (head) => void requests.push({ head, body: '' }),
    onData(chunk) {
      const last = requests.at(-1);
      if (last) last.body += chunk.toString('latin1');
    },
    onEnd: () => undefined,
  });
  const whole = Buffer.from(bytes, 'latin1');
  const ends = [...new Set([...cuts.map((cut) => cut % (whole.length + 1)), whole.length])].toSorted((a, b) => a - b);
  let from = 0;
  for (const end of ends) {
    if (end > from && reader.read(Buffer.from(whole.subarray(from, end)), 0, LIMITS) === -1)
      return { requests, fault: reader.fault.code, isInside: false };
    from = end;
  }
  return { requests, fault: undefined, isInside: reader.isInHead || reader.isInBody };
}

const get = (fields: string, line = 'GET /x HTTP/1.1') => `${line}\r\n${fields}\r\n`;

const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}$/);
const value = fc.stringMatching(/^(?:[!-~\x80-\xff](?:[\t -~\x80-\xff]{0,20}[!-~\x80-\xff])?)?$/);
const target = fc.stringMatching(/^\/[!-~\x80-\xff]{0,30}$/);
/** Those that say something to the reader are said by the framing below. */
const SAYING = new Set(['content-length', 'transfer-encoding', 'connection', 'expect', 'upgrade']);
const field = fc.tuple(token, value).filter(([name]) => !SAYING.has(name.toLowerCase()));
const request = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'M-SEARCH', 'OPTIONS'),
  target,
  httpVersion: fc.constantFrom('1.1', '1.0'),
  fields: fc.array(field, { maxLength: 6 }),
  body: fc.oneof(fc.constant(null), fc.array(fc.string({ unit: byte, minLength: 1, maxLength: 30 }), { maxLength: 4 })),
  inChunks: fc.boolean(),
});
type Request = typeof request extends fc.Arbitrary<infer T> ? T : never;

const isChunked = ({ body, inChunks, httpVersion }: Request) => body !== null && inChunks && httpVersion === '1.1';

function toFields(asked: Request): [string, string][] {
  if (asked.body === null) return asked.fields;
  if (isChunked(asked)) return [...asked.fields, ['Transfer-Encoding', 'chunked']];
  return [...asked.fields, ['Content-Length', String(asked.body.join('').length)]];
}

function serialise(asked: Request): string {
  const { method, httpVersion, body } = asked;
  const fields = toFields(asked).map(([name, said]) => `${name}: ${said}\r\n`);
  const chunks = body?.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`) ?? [];
  const rest = isChunked(asked) ? `${chunks.join('')}0\r\n\r\n` : (body?.join('') ?? '');
  return `${method} ${asked.target} HTTP/${httpVersion}\r\n${fields.join('')}\r\n${rest}`;
}

const cuts = fc.array(fc.nat(5_000), { maxLength: 12 });

describe('requests', () => {
  test('what is written is what is read, in whatever pieces it comes', () => {
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 4 }), cuts, (asked, where) => {
        const { requests, fault, isInside } = read(asked.map(serialise).join(''), where);
        expect({ fault, isInside }).toEqual({ fault: undefined, isInside: false });
        expect(
          requests.map(({ head, body }) => [head.method, head.target, head.httpVersion, head.headers, body]),
        ).toEqual(
          asked.map((one) => [one.method, one.target, one.httpVersion, toFields(one), one.body?.join('') ?? '']),
        );
      }),
    );
  });

  /** Requests with anything pasted into them. */
  const spoilt = fc
    .tuple(request, fc.nat(300), fc.constantFrom('\r', '\n', '\r\n', '\0', ' ', ':', '\x7f', '\x01', '\xff', ';', '0'))
    .map(([asked, at, what]) => {
      const text = serialise(asked);
      return text.slice(0, at % text.length) + what + text.slice(at % text.length);
    });

  test('where the bytes are cut makes no difference, whether they are requests or not', () => {
    fc.assert(
      fc.property(spoilt, cuts, (bytes, where) => {
        expect(read(bytes, where)).toEqual(read(bytes));
      }),
    );
  });

  test('nothing that is read has a control character in a name, value or target', () => {
    fc.assert(
      fc.property(spoilt, (bytes) => {
        for (const { head } of read(bytes).requests) {
          expect(head.target).toMatch(/^[!-~\x80-\xff]+$/);
          for (const [name, said] of head.headers)
            expect([FIELD_NAME.test(name), FIELD_VALUE.test(said)]).toEqual([true, true]);
        }
      }),
    );
  });

  test('any bytes are taken, or refused, and nothing is thrown', () => {
    fc.assert(fc.property(fc.string({ unit: byte, maxLength: 200 }), (bytes) => void read(bytes)));
  });
});

describe('a head', () => {
  test.each<[fields: string, keepsAlive: boolean, line?: string]>([
    ['', true],
    ['Connection: close\r\n', false],
    ['Connection: Upgrade, CLOSE\r\n', false],
    ['Connection: closed\r\n', true],
    ['Connection: a\r\nConnection: close\r\n', false],
    ['', false, 'GET /x HTTP/1.0'],
    ['Connection: Keep-Alive\r\n', true, 'GET /x HTTP/1.0'],
    ['Connection: keep-alive, close\r\n', false, 'GET /x HTTP/1.0'],
    ['', false, 'GET /x HTTP/2.0'],
    ['', false, 'GET /x'],
  ])('%j keeps the connection: %s', (fields, keepsAlive, line) => {
    expect(read(get(fields, line)).requests[0]?.head.keepsAlive).toBe(keepsAlive);
  });

  test.each<[fields: string, expectation: string | null, line?: string]>([
    ['', null],
    ['Expect: 100-continue\r\n', '100-continue'],
    ['expect: magic\r\nExpect: 100-continue\r\n', 'magic, 100-continue'],
    ['Expect: 100-continue\r\n', null, 'GET /x HTTP/1.0'],
  ])('%j expects %j', (fields, expectation, line) => {
    expect(read(get(fields, line)).requests[0]?.head.expectation).toBe(expectation);
  });

  test('one as large as the limit is taken, and one byte more is not, however it comes', () => {
    const room = LIMITS.maxHeaderBytes - get('X: \r\n').length;
    const fits = get(`X: ${'a'.repeat(room)}\r\n`);
    const where = [10, 30, 4_000];
    expect([read(fits).fault, read(fits, where).fault]).toEqual([undefined, undefined]);
    const tooLarge = get(`X: ${'a'.repeat(room + 1)}\r\n`);
    expect([read(tooLarge).fault, read(tooLarge, where).fault]).toEqual(['headers-too-large', 'headers-too-large']);
  });

  test('one that does not end is refused as soon as it is too large', () => {
    expect(read(`GET /x HTTP/1.1\r\nX: ${'a'.repeat(5_000)}`).fault).toBe('headers-too-large');
    expect(read(get('X: 1\r\n'.repeat(21))).fault).toBe('headers-too-large');
    expect(read(get('X: 1\r\n'.repeat(20))).fault).toBeUndefined();
  });

  test.each(['\x16\x03\x01', 'GETS ', 'get ', 'SSH-2.0-OpenSSH', 'GET /x HTTQ', 'GET /x HTTP/1.1\r\nX ', 'GET /\n'])(
    '%j is refused before its line ends',
    (bytes) => {
      expect(read(bytes).fault).toBe('bad-request');
    },
  );

  test('names that come again are the same text, and made-up ones push them out without harm', () => {
    const names = Array.from({ length: 2_000 }, (_, index) => `X-Made-Up-${index}`);
    for (const name of [...names, ...names]) {
      const [first] = read(get(`${name}: 1\r\ncONTENT-lENGTH: 0\r\n`)).requests;
      expect(first?.head.headers).toEqual([
        [name, '1'],
        ['cONTENT-lENGTH', '0'],
      ]);
    }
  });
});

test('what is not wanted stays where it is', () => {
  let wanted = 1;
  const targets: string[] = [];
  const reader = new RequestReader({
    wantsMore: () => targets.length < wanted,
    onHead: ({ target: seen }) => void targets.push(seen),
    onData: () => undefined,
    onEnd: () => undefined,
  });
  const one = get('', 'GET /1 HTTP/1.1');
  const bytes = Buffer.from(one + get('', 'GET /2 HTTP/1.1'));
  expect(reader.read(bytes, 0, LIMITS)).toBe(one.length);
  wanted = 2;
  expect(reader.read(bytes, one.length, LIMITS)).toBe(bytes.length);
  expect(targets).toEqual(['/1', '/2']);
});
