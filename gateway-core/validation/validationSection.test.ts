import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ConfigError } from '../config/configError.ts';
import type { GatewayConfig } from '../config/document.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { createGateway } from '../gateway.ts';

const toText = (rules: string, route = '') => `version: 1
upstreams: { app: { url: http://app:8000 } }
routes:
  - id: app
    paths: [/app]
    upstream: app
    ${route}
    validate: ${rules}
`;

function problemOf(text: string, fileName = 'g.yaml'): string {
  try {
    loadConfig(text, fileName);
    return '';
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

const ruleOf = (rules: string) => loadConfig(toText(rules)).routes[0]?.validate[0];

/** A folder with files, gone when the test ends. */
function makeFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'schemas-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'schemas'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

describe('the rules of a route', () => {
  test('have every default filled in', () => {
    expect(ruleOf('[{ methods: [POST], body: {} }]')).toEqual({
      methods: ['POST'],
      contentTypes: ['application/json'],
      body: {
        schema: null,
        required: true,
        bufferBytes: 1_048_576,
        timeoutMs: 15_000,
        depthLimit: 32,
        valueLimit: 10_000,
      },
      query: null,
      headers: null,
    });
    expect(ruleOf('[{ query: {} }]')).toEqual({
      methods: null,
      contentTypes: null,
      body: null,
      query: { schema: null, lengthLimit: 8_192, parameterLimit: 100 },
      headers: null,
    });
    expect(ruleOf('[{ headers: { countLimit: 5 } }]')?.headers).toEqual({
      countLimit: 5,
      totalBytes: null,
      valueBytes: null,
    });
    expect(loadConfig(toText('[]')).validation).toEqual({ bufferedBytes: 134_217_728 });
  });

  test('take a schema from a file beside the configuration, and change with it', () => {
    const folder = makeFolder({ 'schemas/order.json': '{"type":"object"}' });
    const text = toText(
      '[{ methods: [POST], body: { schemaFile: schemas/order.json } }, { methods: [GET], query: { schemaFile: schemas/order.json } }]',
    );
    const load = (): GatewayConfig => loadConfig(text, join(folder, 'gateway.yaml'));
    const config = load();
    const [body, query] = config.routes[0]?.validate ?? [];
    expect([body?.body?.schema, query?.query?.schema]).toEqual([{ type: 'object' }, { type: 'object' }]);
    expect(load().revision).toBe(config.revision);
    writeFileSync(join(folder, 'schemas/order.json'), '{"type":"object","minProperties":1}');
    expect(load().revision).not.toBe(config.revision);
  });

  test.each<[what: string, rules: string, message: RegExp]>([
    [
      'a schema that is none',
      '[{ methods: [POST], body: { schema: { type: text } } }]',
      /^g\.yaml:8:\d+: routes\[0\]\.validate\[0\]\.body\.schema: the schema is not usable: its \/type must be equal/,
    ],
    [
      'a format that is not checked',
      '[{ query: { schema: { type: object, properties: { a: { format: phone } } } } }]',
      /query\.schema: the schema is not usable: its format "phone" is not checked here/,
    ],
    [
      'a pattern that cannot be matched in one pass',
      '[{ methods: [POST], body: { schema: { pattern: "(a)\\\\1" } } }]',
      /refers back to a group/,
    ],
    [
      'a query that is no object',
      '[{ query: { schema: { type: array } } }]',
      /the schema of a query describes an object/,
    ],
    [
      'a body without methods',
      '[{ body: {} }]',
      /validate\[0\]\.body: requests without a body would be refused, GET too/,
    ],
    [
      'a rule behind one that takes all',
      '[{ query: {} }, { methods: [POST], body: {} }]',
      /validate\[1\]: the rule is never reached/,
    ],
    [
      'a method in two rules',
      '[{ methods: [POST], body: {} }, { methods: [PUT, POST], body: {} }]',
      /validate\[1\]\.methods\[1\]: the method POST stands in a rule already/,
    ],
    [
      'a method twice',
      '[{ methods: [POST, POST], body: {} }]',
      /methods\[1\]: the method POST stands in a rule already/,
    ],
    ['a rule of nothing', '[{}]', /must NOT have fewer than 1 properties/],
    ['a type that is none', '[{ contentTypes: [json] }]', /contentTypes\[0\]: "json" must match pattern/],
    [
      'an absolute file',
      '[{ query: { schemaFile: /etc/passwd.json } }]',
      /schemaFile: "\/etc\/passwd\.json" must match pattern/,
    ],
    [
      'a file that is not there',
      '[{ query: { schemaFile: nothing.json } }]',
      /schemaFile: "nothing\.json" cannot be read: ENOENT/,
    ],
    [
      'a file outside',
      '[{ query: { schemaFile: a/../../secret.json } }]',
      /lies outside of the folder of the configuration/,
    ],
    ['a schema beside a file', '[{ query: { schema: { type: object }, schemaFile: a.json } }]', /stands beside schema/],
  ])('refuse %s and say where', (_what, rules, message) => {
    expect(problemOf(toText(rules))).toMatch(message);
  });

  test('refuse a method that the route does not take', () => {
    expect(problemOf(toText('[{ methods: [POST, PUT], body: {} }]', 'methods: [POST]'))).toMatch(
      /methods\[1\]: route "app" does not take the method PUT; its methods are POST/,
    );
  });

  test('show nothing of a file that is no schema', () => {
    const folder = makeFolder({
      'secret.json': 'password=hunter2',
      'list.json': '["hunter2"]',
      'large.json': ' '.repeat(1_048_577),
    });
    for (const [name, reason] of [
      ['secret', 'is not JSON'],
      ['list', 'is not a JSON object'],
      ['large', 'has more than 1048576 bytes'],
    ]) {
      const problem = problemOf(toText(`[{ query: { schemaFile: ${name}.json } }]`), join(folder, 'gateway.yaml'));
      expect(problem).toContain(`"${name}.json" ${reason}`);
      expect(problem).not.toContain('hunter2');
    }
  });

  test('are compiled before a gateway is there, also when they were not loaded', () => {
    const config = loadConfig(toText('[{ query: { schema: { type: object } } }]'));
    const [route] = config.routes;
    const [rule] = route?.validate ?? [];
    if (!route || !rule?.query) throw new Error('no rule');
    const broken = {
      ...config,
      routes: [{ ...route, validate: [{ ...rule, query: { ...rule.query, schema: { type: 'text' } } }] }],
    };
    expect(() => createGateway(broken)).toThrow(/a schema of route "app" is not usable/);
  });
});
