import { describe, expect, test } from 'vitest';
import type { HeaderList } from '../headers/headerList.ts';
import type { TokenPlaces } from './authSection.ts';
import { findToken, withoutToken } from './findToken.ts';

const places = (more: Partial<TokenPlaces> = {}): TokenPlaces => ({
  bearer: true,
  header: null,
  cookie: null,
  ...more,
});
const everywhere = places({ header: 'x-token', cookie: { name: 'session', origins: [] } });
const find = (headers: HeaderList, where = places()) => {
  const found = findToken(headers, where);
  return found.kind === 'token' ? found.token : found.kind;
};

describe('Authorization', () => {
  test.each<[value: string, found: string]>([
    ['Bearer a.b.c', 'a.b.c'],
    ['bearer a.b.c', 'a.b.c'],
    ['BEARER a.b.c', 'a.b.c'],
    ['Bearer   a.b.c', 'a.b.c'],
    // What follows is for the strict reading of the token to refuse: it must not become "no token".
    ['Bearer', ''],
    ['Bearer ', ''],
    ['Bearer a.b.c d', 'a.b.c d'],
    ['Bearer a.b.c, Bearer d.e.f', 'a.b.c, Bearer d.e.f'],
    ['Bearer\ta.b.c', 'none'],
    ['Bearera.b.c', 'none'],
    ['Basic dXNlcjpwYXNz', 'none'],
    ['a.b.c', 'none'],
    ['', 'none'],
  ])('%j gives %j', (value, found) => {
    expect(find([['Authorization', value]])).toBe(found);
  });

  test('twice is refused, also with another scheme and with the same value', () => {
    for (const second of ['Bearer d.e.f', 'Bearer a.b.c', 'Basic x', ''])
      expect(
        find([
          ['Authorization', 'Bearer a.b.c'],
          ['AUTHORIZATION', second],
        ]),
      ).toBe('several');
    expect(
      find([
        ['authorization', 'Basic x'],
        ['authorization', 'Bearer a.b.c'],
      ]),
    ).toBe('several');
  });

  test('is not looked at where tokens stand elsewhere', () => {
    expect(find([['authorization', 'Bearer a.b.c']], places({ bearer: false, header: 'x-token' }))).toBe('none');
  });
});

test('another field is the token as a whole, and may stand once', () => {
  const where = places({ header: 'x-token' });
  expect(find([['X-Token', 'a.b.c']], where)).toBe('a.b.c');
  expect(
    find(
      [
        ['X-Token', 'a.b.c'],
        ['x-token', 'a.b.c'],
      ],
      where,
    ),
  ).toBe('several');
  expect(
    find(
      [
        ['X-Token', 'a.b.c'],
        ['authorization', 'Bearer a.b.c'],
      ],
      where,
    ),
  ).toBe('several');
});

describe('cookie', () => {
  test.each<[cookie: string, found: string]>([
    ['session=a.b.c', 'a.b.c'],
    ['theme=dark; session=a.b.c; x=1', 'a.b.c'],
    ['theme=dark;session = a.b.c', 'a.b.c'],
    ['mysession=a.b.c', 'none'],
    ['session2=a.b.c', 'none'],
    ['Session=a.b.c', 'none'],
    ['theme=session', 'none'],
    ['session', ''],
    ['session=', ''],
    ['session=a.b.c; session=d.e.f', 'several'],
  ])('%j gives %j', (value, found) => {
    expect(find([['Cookie', value]], everywhere)).toBe(found);
  });

  test('in two fields, or beside a header, is refused', () => {
    expect(
      find(
        [
          ['cookie', 'session=a'],
          ['cookie', 'session=b'],
        ],
        everywhere,
      ),
    ).toBe('several');
    expect(
      find(
        [
          ['cookie', 'session=a'],
          ['authorization', 'Bearer b'],
        ],
        everywhere,
      ),
    ).toBe('several');
  });
});

describe('without the token', () => {
  test('nothing of it is left, and what is something else stays', () => {
    const headers: HeaderList = [
      ['Host', 'shop'],
      ['AUTHORIZATION', 'bearer a.b.c'],
      ['X-Token', 'a.b.c'],
      ['Cookie', 'theme=dark; session=a.b.c; x=1'],
      ['Cookie', 'session=a.b.c'],
      ['Cookie', 'y=2'],
    ];
    expect(withoutToken(headers, everywhere)).toEqual([
      ['Host', 'shop'],
      ['Cookie', 'theme=dark; x=1'],
      ['Cookie', 'y=2'],
    ]);
  });

  test('another scheme and other cookies pass as they are', () => {
    const headers: HeaderList = [
      ['Authorization', 'Basic x'],
      ['Cookie', 'a=1;b=2'],
    ];
    expect(withoutToken(headers, everywhere)).toEqual(headers);
  });
});
