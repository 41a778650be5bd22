import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toYamlLines, toYamlPlaces } from './yamlLines.ts';

const text = `name: shop
services:
  api:
    command:
      - serve
      - key: value
    environment:
      "odd: key": "a: b"
      URL: http://x:80/
  db:
    image: postgres:16
`;

test('keys are told from values, quoted ones too, and addresses stay whole', () => {
  const lines = toYamlLines(text);
  expect(lines[0]).toEqual({ number: 1, lead: '', key: 'name:', rest: ' shop' });
  expect(lines[4]).toEqual({ number: 5, lead: '', key: '', rest: '      - serve' });
  expect(lines[5]).toEqual({ number: 6, lead: '      - ', key: 'key:', rest: ' value' });
  expect(lines[7]).toEqual({ number: 8, lead: '      ', key: '"odd: key":', rest: ' "a: b"' });
  expect(lines[8]).toEqual({ number: 9, lead: '      ', key: 'URL:', rest: ' http://x:80/' });
});

test('sections and what they hold are places to jump to', () => {
  expect(toYamlPlaces(toYamlLines(text)).map(({ name, line, depth }) => `${line} ${depth} ${name}`)).toEqual([
    '1 0 name',
    '2 0 services',
    '3 1 api',
    '10 1 db',
  ]);
});

test('no character is lost', () => {
  fc.assert(
    fc.property(fc.string(), (any) => {
      const drawn = toYamlLines(any).map(({ lead, key, rest }) => lead + key + rest);
      expect(drawn.join('\n')).toBe(any.replace(/\n$/, ''));
    }),
  );
});
