import { expect, test } from 'vitest';
import { isExpired, isMeant, parseWaivers } from './waivers.ts';

const known = new Set(['image.digest', 'runtime.restart']);
const parse = (text: string) => parseWaivers(text, known);
const waiver = 'rule: image.digest, subject: nginx, reason: "mirrored by us", expires: 2027-03-31';

test('a waiver is read with its place', () => {
  expect(parse(`waivers:\n  - { ${waiver} }\n`)).toEqual([
    {
      rule: 'image.digest',
      subject: 'nginx',
      reason: 'mirrored by us',
      expires: '2027-03-31',
      place: 'gatehouse.waivers.yaml:2:5',
    },
  ]);
});

test.each([
  ['', []],
  ['waivers: []', []],
  ['# nothing yet\n', []],
])('%j has none', (text, expected) => {
  expect(parse(text)).toEqual(expected);
});

test.each([
  ['waivers: {}', 'gatehouse.waivers.yaml:1:10: waivers must be a list'],
  ['waiver: []', 'gatehouse.waivers.yaml:1:1: unknown key "waiver"'],
  ['waivers: [yes]', 'gatehouse.waivers.yaml:1:11: a waiver must be a map'],
  [`waivers:\n  - { ${waiver}, why: x }`, 'gatehouse.waivers.yaml:2:90: unknown key "why"'],
  [
    `waivers:\n  - { ${waiver.replace('image.digest', 'image.digset')} }`,
    'gatehouse.waivers.yaml:2:13: there is no rule "image.digset"',
  ],
  [`waivers:\n  - { ${waiver.replace('mirrored by us', 'because')} }`, 'the reason "because" is too short'],
  [`waivers:\n  - { ${waiver.replace('2027-03-31', '2027-02-30')} }`, 'expires is "2027-02-30", which is no day'],
  [`waivers:\n  - { ${waiver.replace('2027-03-31', 'never')} }`, 'expires is "never", which is no day'],
  ['waivers:\n  - { rule: image.digest }', 'gatehouse.waivers.yaml:2:5: the key "subject" must be a text'],
  ['waivers: [', 'gatehouse.waivers.yaml:1:'],
])('%j is refused with its place', (text, message) => {
  expect(() => parse(text)).toThrowError(
    expect.objectContaining({ code: 'compose-invalid', message: expect.stringContaining(message) }),
  );
});

test('a waiver counts until the end of its last day, in UTC', () => {
  const [one] = parse(`waivers: [{ ${waiver} }]`);
  if (!one) throw new Error('no waiver');
  expect(isExpired(one, Date.UTC(2027, 2, 31, 23, 59, 59, 999))).toBe(false);
  expect(isExpired(one, Date.UTC(2027, 3, 1))).toBe(true);
});

test('a waiver is of one rule and one subject, or of all subjects', () => {
  const [one, all] = parse(`waivers: [{ ${waiver} }, { ${waiver.replace('nginx', '"*"')} }]`);
  if (!one || !all) throw new Error('no waivers');
  expect(isMeant(one, 'image.digest', 'nginx')).toBe(true);
  expect(isMeant(one, 'image.digest', 'redis')).toBe(false);
  expect(isMeant(one, 'runtime.restart', 'nginx')).toBe(false);
  expect(isMeant(all, 'image.digest', 'redis')).toBe(true);
});
