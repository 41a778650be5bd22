import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textStyleSchema } from '../../contract/index.ts';
import { cleanText, readStyledText } from './styledText.ts';

const coloursOf = (raw: string) => readStyledText(raw).styles.map(({ start, end, colour }) => [start, end, colour]);

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be gone
const steering = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

const pieces = fc.oneof(
  fc.constantFrom(
    '\u001b[',
    '\u001b]',
    '\u001b',
    'm',
    ';',
    ':',
    '38',
    '5',
    '2',
    '0',
    '31',
    '\u0007',
    '\u009b',
    '\\',
    'a',
  ),
  fc.constantFrom('\u001b[31m', '\u001b[38;5;208m', '\u001b[38;2;1;2;3m', '\u001b[2J', '\u001b]0;t\u0007', '\u202e'),
  fc.string({ unit: 'binary', maxLength: 4 }),
);

describe('what a program wrote for a terminal', () => {
  test('has no control character any more, and looks that lie in the text, in order', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (list) => {
        const { text, styles } = readStyledText(list.join(''));
        expect(text).not.toMatch(steering);
        expect(text).toBe(cleanText(list.join('')));
        let before = 0;
        for (const style of styles) {
          textStyleSchema.parse(style);
          expect(style.start).toBeGreaterThanOrEqual(before);
          expect(style.end).toBeGreaterThan(style.start);
          before = style.end;
        }
        expect(before).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['no look', 'plain', []],
    ['16 colours', '\u001b[31mred\u001b[0m plain', [[0, 3, 'red']]],
    ['bright ones', '\u001b[92mx\u001b[39my', [[0, 1, 'brightGreen']]],
    ['256: a named one', '\u001b[38;5;9mx', [[0, 1, 'brightRed']]],
    ['256: of the cube', '\u001b[38;5;208mx', [[0, 1, '#ff8700']]],
    ['256: a grey', '\u001b[38;5;244mx', [[0, 1, '#808080']]],
    ['true colour', '\u001b[38;2;1;200;999mx', [[0, 1, '#01c8ff']]],
    ['true colour with colons', '\u001b[38:2::1:2:3mx', [[0, 1, '#010203']]],
    [
      'a background is passed over',
      '\u001b[41;38;5;1mx\u001b[48;2;9;9;9my',
      [
        [0, 1, 'red'],
        [1, 2, 'red'],
      ],
    ],
    ['a reset without a number', '\u001b[31ma\u001b[mb', [[0, 1, 'red']]],
    ['what hides text is passed over', '\u001b[8;30;40mx', [[0, 1, 'black']]],
  ])('%s', (_what, raw, colours) => {
    expect(coloursOf(raw)).toEqual(colours);
  });

  test('weights are taken over', () => {
    expect(readStyledText('\u001b[1;2;3;4mx\u001b[22my').styles).toEqual([
      { start: 0, end: 1, colour: null, bold: true, dim: true, italic: true, underline: true },
      { start: 1, end: 2, colour: null, bold: false, dim: false, italic: true, underline: true },
    ]);
  });

  test('a line that changes its look all the time is bounded', () => {
    expect(readStyledText('\u001b[31ma\u001b[32mb'.repeat(5000)).styles).toHaveLength(200);
  });
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
