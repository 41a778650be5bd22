import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redactJson } from './redactJson.ts';

const isSecret = (name: string) => name.toLowerCase() === 'password';
const redact = (text: string) => redactJson(text, isSecret);

test.each<[text: string, redacted: string]>([
  ['{"a":1,"password":"x"}', '{"a":1,"password":"[redacted]"}'],
  ['{ "Password" : 12 , "b" : [1, true, null] }', '{ "Password" : "[redacted]" , "b" : [1, true, null] }'],
  ['{"password":{"a":["x"]},"b":2}', '{"password":"[redacted]","b":2}'],
  ['[{"password":["x",{"password":"y"}]},{"c":"d"}]', '[{"password":"[redacted]"},{"c":"d"}]'],
  ['{"p\\u0061ssword":"x"}', '{"p\\u0061ssword":"[redacted]"}'],
  ['{"a":"password\\"","password":"x\\"y"}', '{"a":"password\\"","password":"[redacted]"}'],
  ['{"a":1}\n{"password":"x"}\n', '{"a":1}\n{"password":"[redacted]"}\n'],
  ['"alone"', '"alone"'],
  // Cut off.
  ['{"a":1,"password":"x', '{"a":1,"password":"[redacted]"'],
  ['{"a":"begun', '{"a":"begun'],
  ['{"password":{"a":"x', '{"password":"[redacted]"'],
  ['{"passw', '{"passw'],
  ['{"password":12', '{"password":"[redacted]"'],
  ['{"a":tr', '{"a":tr'],
  // Not JSON.
  ["{'password':'x'}", '{[the rest is not JSON and not shown]'],
  ['{"a":1 "password":"x"}', '{"a":1 [the rest is not JSON and not shown]'],
  ['{"a":1,password:"x"}', '{"a":1,[the rest is not JSON and not shown]'],
  ['[1}', '[1[the rest is not JSON and not shown]'],
  ['<b>', '[the rest is not JSON and not shown]'],
])('%s', (text, redacted) => {
  expect(redact(text)).toBe(redacted);
});

test('no cut of any document shows a secret, and what is not secret is as it was', () => {
  const withSecrets = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, fc.string(), fc.integer(), fc.constant(null), tie('list'), tie('object')),
    list: fc.array(tie('value'), { maxLength: 3 }),
    object: fc
      .tuple(fc.dictionary(fc.string(), tie('value'), { maxKeys: 3 }), fc.option(tie('secret')))
      .map(([fields, secret]) => (secret === null ? fields : { ...(fields as object), PASSWORD: secret })),
    secret: fc.oneof(
      { maxDepth: 2 },
      fc.constant('TOPSECRET'),
      fc.constant({ a: ['TOPSECRET', { PASSWORD: 'TOPSECRET' }] }),
      fc.constant(['TOPSECRET']),
    ),
  })).object;
  fc.assert(
    fc.property(withSecrets, fc.nat(), fc.boolean(), (value, cut, isIndented) => {
      const text = JSON.stringify(value, null, isIndented ? 2 : 0);
      expect(redact(text.slice(0, cut % (text.length + 1)))).not.toMatch(/TOPS/);
      const hidden = JSON.parse(text, (key, part) => (key === 'PASSWORD' ? '[redacted]' : part)) as unknown;
      expect(JSON.parse(redact(text))).toEqual(hidden);
    }),
  );
});
