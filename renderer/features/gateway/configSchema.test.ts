import { describe, expect, it } from 'vitest';
import { findKnownNames, type Schema, toHoverText, toOptions, toTypeText } from './configSchema.ts';
import { findYamlPlace } from './yamlPlace.ts';

const schema: Schema = {
  type: 'object',
  properties: {
    version: { const: 1 },
    upstreams: { type: 'object', additionalProperties: { type: 'object', properties: { url: { type: 'string' } } } },
    routes: {
      type: 'array',
      items: {
        type: 'object',
        required: ['id'],
        properties: {
          id: { type: 'string', description: 'Its name.' },
          upstream: { type: 'string' },
          limits: { type: 'array', items: { type: 'string' } },
          auth: {
            oneOf: [{ const: 'none' }, { type: 'object', properties: { provider: { type: 'string' } } }],
          },
          timeouts: {
            type: 'object',
            properties: { totalMs: { type: 'integer', minimum: 1, maximum: 9, default: 5 } },
          },
        },
      },
    },
  },
};
const names = { upstreams: ['search', 'backend'], policies: ['per-ip'], providers: ['shop'] };
const labels = (text: string) => {
  const place = findYamlPlace(text, text.length);
  return place && toOptions(schema, place, names).map(({ label }) => label);
};

describe('toOptions', () => {
  it.each<[text: string, labels: string[]]>([
    ['', ['version', 'upstreams', 'routes']],
    ['routes:\n  - ', ['id', 'upstream', 'limits', 'auth', 'timeouts']],
    ['upstreams:\n  a:\n    ', ['url']],
    ['routes:\n  - auth:\n      ', ['provider']],
    ['routes:\n  - auth: ', ['none']],
    ['routes:\n  - upstream: ', ['search', 'backend']],
    ['routes:\n  - limits: [', ['per-ip']],
    ['nothing:\n  ', []],
  ])('after %j', (text, expected) => {
    expect(labels(text)).toEqual(expected);
  });

  it('says what a key is, and puts a space behind it where a value follows', () => {
    const place = findYamlPlace('routes:\n  - ', 12);
    expect(place && toOptions(schema, place, names)[0]).toEqual({
      label: 'id',
      apply: 'id: ',
      detail: 'string, needed',
      info: 'Its name.',
    });
  });
});

describe('words', () => {
  it('says types, ranges and what holds without a key', () => {
    expect(toTypeText({ type: ['integer', 'null'], minimum: 0 })).toBe('integer or null from 0');
    expect(toHoverText(schema, ['routes', 0, 'timeouts', 'totalMs'])).toEqual({
      type: 'integer from 1 to 9',
      text: 'Without it: 5.',
    });
    expect(toHoverText(schema, ['nothing'])).toBeNull();
  });
});

describe('findKnownNames', () => {
  it('reads the names that a document defines', () => {
    const text =
      'limits:\n  policies:\n    per-ip: { by: [ip] }\n    auth:\n      by: [ip]\nupstreams:\n  # all\n  search: { url: a }\n  backend:\n    url: b\nroutes: []\n';
    expect(findKnownNames(text)).toEqual({
      upstreams: ['search', 'backend'],
      policies: ['per-ip', 'auth'],
      providers: [],
    });
  });
});
