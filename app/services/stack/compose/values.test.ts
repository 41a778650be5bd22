import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseBytes, parseDuration, parseFlag, printDuration, splitCommand, toSingle } from './values.ts';

test.each([
  ['5s', '5s'],
  ['90s', '1m30s'],
  ['1h70m1.5s', '2h10m1.5s'],
  ['60m', '1h0m0s'],
  ['1500ms', '1.5s'],
  ['500us', '500µs'],
  ['1.5ms', '1.5ms'],
  ['7ns', '7ns'],
  ['0', '0s'],
  ['-5s', '-5s'],
  ['1000h', '1000h0m0s'],
])('the duration %s is printed as %s', (written, printed) => {
  const ns = parseDuration(written);
  expect(ns === undefined ? undefined : printDuration(ns)).toBe(printed);
});

test.each(['', '5', 'soon', '1d', '1m 30s', '.s', '5S', '1e3s', '9999999999h'])('"%s" is no duration', (written) => {
  expect(parseDuration(written)).toBeUndefined();
});

test('a printed duration is read as the same', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }),
      (ns) => parseDuration(printDuration(ns)) === ns,
    ),
  );
});

test.each([
  ['5', 5n],
  ['5b', 5n],
  ['1k', 1024n],
  ['1KiB', 1024n],
  ['1.5 g', 1_610_612_736n],
  ['64mb', 67_108_864n],
  ['0.3k', 307n],
  ['1t', 1_099_511_627_776n],
])('the size %s is %d bytes', (written, bytes) => {
  expect(parseBytes(written)).toBe(bytes);
});

test.each(['', 'x', '1e', '1g 5m', '.5g', '1,5g', '-1', '-5m', 'm', '1 kb b'])('"%s" is no size', (written) => {
  expect(parseBytes(written)).toBeUndefined();
});

test('a size in bytes is read as itself', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), (bytes) => parseBytes(bytes.toString()) === bytes),
  );
});

test('flags are the words that compose knows', () => {
  expect(['true', 'Yes', 'ON', 'y'].map(parseFlag)).toEqual([true, true, true, true]);
  expect(['false', 'No', 'off', 'n'].map(parseFlag)).toEqual([false, false, false, false]);
  expect(['', '1', '0', 'maybe'].map(parseFlag)).toEqual([undefined, undefined, undefined, undefined]);
});

test.each<[string, string[]]>([
  ['a "b c" d', ['a', 'b c', 'd']],
  [`sh -c "echo 'a b'"`, ['sh', '-c', "echo 'a b'"]],
  [String.raw`a\ b 'c\d' "e\"f"`, ['a b', String.raw`c\d`, 'e"f']],
  [`"" ''`, ['', '']],
  ['a"b"c', ['abc']],
  ['echo $(date +%s) `id -u`', ['echo', '$(date +%s)', '`id -u`']],
  ['a\n\tb', ['a', 'b']],
  ['  ', []],
])('the command %s is split without running a shell', (command, words) => {
  expect(splitCommand(command)).toEqual({ words });
});

test.each([
  ['first; second', ['first'], '; second'],
  ['a && b', ['a'], '&& b'],
  ['a 2>&1', ['a'], '>&1'],
])('of %s only the first command is left, and the rest is named', (command, words, cut) => {
  expect(splitCommand(command)).toEqual({ words, cut });
});

test.each(['a "b', "a 'b", 'a \\', 'a (b)', 'a `b'])('%s is no command', (command) => {
  expect(splitCommand(command)).toBeUndefined();
});

test('words in single quotes are split into themselves', () => {
  const word = fc.string({ unit: fc.constantFrom(...'ab c"$\\;|()`') });
  fc.assert(
    fc.property(fc.array(word), (words) => {
      expect(splitCommand(words.map((text) => `'${text}'`).join(' '))).toEqual({ words });
    }),
  );
});

test('fractions are kept in single precision, in their shortest form', () => {
  expect([0.5, 0.1, 0.30000001, 1 / 3].map(toSingle)).toEqual([0.5, 0.1, 0.3, 0.33333334]);
});
