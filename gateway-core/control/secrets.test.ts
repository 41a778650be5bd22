import { expect, test } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { collectSecrets, maskData, maskText, unmaskText } from './secrets.ts';

const text = `version: 1 # the old key was abc-12345678
upstreams: { app: { url: http://app:8000 } }
routes: [{ id: app, paths: [/app], upstream: app }]
telemetry:
  traces:
    otlpUrl: http://jaeger:4318/v1/traces
    headers:
      x-key: abc-12345678 # comment
      x-block: |-
        line-of-a-secret
      x-anchor: &k 'quo"ted'
      x-alias: *k
`;

test('a shown text has no secret, parses, and gives the same configuration when it comes back', () => {
  const masked = maskText(text);
  for (const secret of ['abc-12345678', 'line-of-a-secret', 'quo"ted']) expect(masked).not.toContain(secret);
  expect(masked).toContain('x-key: "[masked:telemetry/traces/headers/x-key]" # comment');
  expect(masked).toContain('the old key was [masked]');
  const back = unmaskText(masked.replace('[/app]', '[/app, /api]'), text, 'g.yaml');
  const config = loadConfig(back);
  expect(config.telemetry.traces?.headers).toEqual(loadConfig(text).telemetry.traces?.headers);
  expect(config.routes[0]?.paths.map(({ path }) => path)).toEqual(['/app', '/api']);
});

test('a mark that stands for nothing is refused with its place', () => {
  const wrong = text.replace('abc-12345678 # comment', '"[masked:nowhere]"');
  expect(() => unmaskText(wrong, text, 'g.yaml')).toThrow(/^g\.yaml:8:14: .*write the secret itself$/);
  expect(() => unmaskText('a: "[masked]"', undefined, 'g.yaml')).toThrow(/write the secret itself/);
  expect(unmaskText('a: 1 # [masked: not a value]', undefined, 'g.yaml')).toBe('a: 1 # [masked: not a value]');
});

test('data is masked by value, by name, and before the @ of an address', () => {
  const config = loadConfig(text);
  const shown = maskData(config, collectSecrets(config));
  expect(JSON.stringify(shown)).not.toMatch(/abc-12345678|line-of-a-secret|quo/);
  expect(JSON.stringify(shown)).toContain('http://jaeger:4318/v1/traces');
  expect(
    maskData({ clientSecret: 'x', keys: [{ apiKey: 'y' }], tokenHeader: 'z', url: 'redis://u:p@h:1/0' }, new Set()),
  ).toEqual({
    clientSecret: '[masked]',
    keys: [{ apiKey: '[masked]' }],
    tokenHeader: 'z',
    url: 'redis://[masked]@h:1/0',
  });
});

test('an invalid secret is refused without being said', () => {
  expect(() => loadConfig(text.replace('abc-12345678 #', '"abc\\n12345678" #'))).toThrow(
    /x-key: the secret must match/,
  );
  expect(() => loadConfig(text.replace('abc-12345678 #', '"abc\\n12345678" #'))).not.toThrow(/abc.*12345678/);
});
