import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namedColours, type TextStyle } from '../../../app/contract/index.ts';
import { toSegments } from './lineSegments.ts';
import { toLogMarkdown } from './logMarkdown.ts';
import { sampleLine } from './logSample.ts';
import { everything, parseLogsQuery, toLogFilter, toLogsCommand, toLogsSearch } from './logsQuery.ts';
import { contrast, grounds, toReadable, toRgb, toSafeColour } from './safeColour.ts';
import { toCursor } from './useLogs.ts';

describe('the address of the view', () => {
  const query = {
    services: ['search', 'pricing'],
    levels: ['error' as const, 'unknown' as const],
    search: 'a,b & c',
    isPattern: true,
    matchCase: true,
    showAll: true,
    trace: '4bf92f3577b34da6a3ce929d0e0e4736',
    from: 1_700_000_000_000,
    to: 1_700_000_060_000,
    at: 1_700_000_030_000,
  };

  it('says the same when it is read again, and nothing of what is as usual', () => {
    const written = Object.entries(toLogsSearch(query)).flatMap(([name, value]) =>
      value === null ? [] : [[name, value]],
    );
    expect(parseLogsQuery(Object.fromEntries(written))).toEqual(query);
    expect(Object.values(toLogsSearch(everything)).every((value) => value === null)).toBe(true);
    expect(parseLogsQuery({})).toEqual(everything);
  });

  it('is read without trust', () => {
    const parsed = parseLogsQuery({ level: 'loud,error', trace: 'x', from: '1e9', at: '-5', services: ',,a' });
    expect(parsed).toEqual({ ...everything, levels: ['error'], services: ['a'] });
  });

  it('becomes the filter and the command that mean the same', () => {
    expect(toLogFilter(query)).toMatchObject({ onlyHits: false, isPattern: true, from: query.from });
    expect(
      toLogsCommand({ ...everything, services: ['search'], levels: ['warn'], search: "it's", isPattern: true }),
    ).toBe(`gatehouse logs search --level =warn --grep 'it'\\''s' -E --follow`);
  });

  it('a moment leads to the stamp just before it', () => {
    expect(toCursor(1_700_000_000_000)).toBe('2023-11-14T22:13:19.999999999Z');
  });
});

describe('segments of a line', () => {
  it('are the text, whatever the looks and hits are', () => {
    const style = fc.tuple(fc.nat(12), fc.nat(12)).map(([a, b]): TextStyle => {
      const look = { colour: 'red' as const, bold: false, dim: false, italic: false, underline: false };
      return { start: Math.min(a, b), end: Math.max(a, b), ...look };
    });
    const hit = fc.tuple(fc.nat(12), fc.nat(12)).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]);
    fc.assert(
      fc.property(
        fc.string({ maxLength: 10 }),
        fc.array(style, { maxLength: 3 }),
        fc.array(hit, { maxLength: 3 }),
        (text, styles, hits) => {
          expect(
            toSegments(text, styles, hits)
              .map((segment) => segment.text)
              .join(''),
          ).toBe(text);
        },
      ),
    );
  });

  it('are cut where looks and hits begin and end', () => {
    const red: TextStyle = {
      start: 0,
      end: 3,
      colour: 'red',
      bold: false,
      dim: false,
      italic: false,
      underline: false,
    };
    expect(toSegments('abcdef', [red], [[2, 4]])).toEqual([
      { text: 'ab', style: red, isHit: false },
      { text: 'c', style: red, isHit: true },
      { text: 'd', style: null, isHit: true },
      { text: 'ef', style: null, isHit: false },
    ]);
  });
});

describe('colours of programs', () => {
  it('are readable on the grounds of both schemes, whichever they are', () => {
    const channel = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(channel, channel, channel, (red, green, blue) => {
        const colour = `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
        for (const [ground, towards] of [
          [grounds.dark, '#ffffff'],
          [grounds.light, '#000000'],
        ] as const)
          expect(contrast(toRgb(toReadable(colour, ground, towards)), toRgb(ground))).toBeGreaterThanOrEqual(4.5);
      }),
      { numRuns: 300 },
    );
  });

  it('have one for each name, and none for what is no colour', () => {
    expect(namedColours.map(toSafeColour).every((colour) => colour?.startsWith('light-dark(#'))).toBe(true);
    expect(toSafeColour('url(http://evil)')).toBeNull();
    expect(toSafeColour('constructor')).toBeNull();
  });
});

describe('a line as Markdown', () => {
  it('has where it is from, what is around it, and the command; nothing in it ends the block', () => {
    const line = sampleLine('*boom* ``` [x](y)', { at: 1_700_000_000_000, stamp: 's', level: 'error' });
    const text = toLogMarkdown(line, [sampleLine('before', { at: 1_699_999_999_000 }), line], 'sandbox~shop');
    expect(text).toContain('**search** 2023-11-14 22:13:20 UTC: \\*boom\\* \\`\\`\\` \\[x\\](y)');
    expect(text).toContain('````\n before\ns *boom* ``` [x](y)\n````');
    expect(text).toContain('gatehouse logs search --environment sandbox~shop --since 2023-11-14T22:13:18.999Z');
  });
});
