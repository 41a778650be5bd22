import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { compose, notSupported } from '../schema/compose.ts';
import type { Shape } from '../schema/shape.ts';
import { loadText } from './loadText.ts';

type Schema = Record<string, unknown>;

/** The schema is test data of others: it lies beside the repository, where it lies at all. */
const places = ['../', '../../'].map((up) =>
  fileURLToPath(new URL(`../../../../../${up}shared/vectors/compose-spec/schema/compose-spec.json`, import.meta.url)),
);
const file = places.find((path) => existsSync(path));
const schema: Schema = file === undefined ? {} : (JSON.parse(readFileSync(file, 'utf8')) as Schema);

beforeEach((context) => {
  if (file === undefined) context.skip('needs shared/vectors/compose-spec beside the repository');
});

/** Every path of keys that the schema describes; `*` for a name that the operator chooses. */
function pathsOf(node: Schema, path: readonly string[], seen: readonly string[], into: Set<string>): void {
  if (typeof node.$ref === 'string') {
    if (seen.includes(node.$ref)) return;
    const [, , name = ''] = node.$ref.split('/');
    pathsOf((schema.definitions as Record<string, Schema>)[name] ?? {}, path, [...seen, node.$ref], into);
    return;
  }
  for (const [key, value] of Object.entries((node.properties ?? {}) as Record<string, Schema>)) {
    into.add([...path, key].join('.'));
    pathsOf(value, [...path, key], seen, into);
  }
  for (const [pattern, value] of Object.entries((node.patternProperties ?? {}) as Record<string, Schema>)) {
    if (pattern !== '^x-') pathsOf(value, [...path, '*'], seen, into);
  }
  for (const branch of (node.oneOf ?? []) as Schema[]) pathsOf(branch, path, seen, into);
  if (typeof node.items === 'object') pathsOf(node.items as Schema, path, seen, into);
}

/** What becomes of a path: read, refused by name, or unknown. */
function judge(shape: Shape, path: readonly string[]): 'read' | 'refused' | 'unknown' {
  const [key, ...rest] = path;
  if (key === undefined || shape.is === 'anything') return 'read';
  if (shape.is === 'list') return judge(shape.of, path);
  if (shape.is === 'either') return judge(shape.of[1], path);
  if (shape.is === 'table') return judge(shape.of, key === '*' ? rest : path);
  if (shape.is !== 'record') return 'unknown';
  const inner = Object.hasOwn(shape.keys, key) ? shape.keys[key] : undefined;
  if (inner) return judge(inner, rest);
  return notSupported.has(key) ? 'refused' : 'unknown';
}

test('no key of the specification is unknown', () => {
  const paths = new Set<string>();
  pathsOf(schema, [], [], paths);
  expect(paths.size).toBeGreaterThan(250);
  // `external: {name: x}` is made `name: x` before it is looked at, an include is read by its own pass.
  const unknown = [...paths].filter(
    (path) => judge(compose, path.split('.')) === 'unknown' && !path.endsWith('external.name'),
  );
  expect(unknown).toEqual([]);
});

test('every key that is refused by name is one of the specification', () => {
  const paths = new Set<string>();
  pathsOf(schema, [], [], paths);
  const keys = new Set([...paths].map((path) => path.split('.').at(-1)));
  expect([...notSupported.keys()].filter((key) => !keys.has(key) && key !== 'pre_start')).toEqual([]);
});

let validate: ValidateFunction;
beforeAll(() => {
  // Its address is not that of a draft that ajv knows.
  const { $schema: _, ...withoutAddress } = schema;
  validate = new Ajv({ strict: false, logger: false }).compile(withoutAddress);
});

const service = (lines: string) => `services: { api: { image: x, ${lines} } }`;

test.each([
  service('user: "1"'),
  service('user: 1'),
  service('ports: [80, "81:81", { target: 82 }]'),
  service('ports: 80'),
  service('ports: [{ target: 80, publish: 80 }]'),
  service('environment: { A: 1, B: true, C: }'),
  service('environment: { A: [1] }'),
  service('environment: A=1'),
  service('depends_on: { api: { condition: soon } }'),
  service('depends_on: { api: {} }'),
  service('healthcheck: { test: [CMD, x], interval: 5s, retries: 3 }'),
  service('healthcheck: { interval: 5 }'),
  service('deploy: { resources: { limits: { memory: 5 } } }'),
  service('deploy: { resources: { limits: { cpus: 0.5, memory: 5m } } }'),
  service('volumes: ["a:b", { type: tmpfs, target: /a }]'),
  service('volumes: [{ target: /a }]'),
  service('ulimits: { a: 1, b: { soft: 1, hard: 2 } }'),
  service('ulimits: { b: { soft: 1 } }'),
  service('logging: { driver: a, options: { a: 1, b: } }'),
  service('logging: { driver: [a] }'),
  service('tmpfs: [/a]'),
  service('tmpfs: { a: b }'),
  service('secrets: [{ source: a, file: b }]'),
  service('networks: { default: { aliases: [a], priority: 1 } }'),
  service('networks: { default: { alias: [a] } }'),
  service('build: { context: ., args: [A=1], tags: [t] }'),
  service('build: { path: . }'),
  service('oom_score_adj: 5000'),
  service('cap_add: ALL'),
  service('x-own: 1'),
  service('own: 1'),
  'services: { "a b": { image: x } }',
  'services: []',
  'volumes: { a: { drivers: x } }\nservices: { api: { image: x } }',
  'networks: { a: { ipam: { config: [{ subnet: 10.0.0.0/8 }] } } }\nservices: { api: { image: x } }',
  'networks: { a: { ipam: [] } }\nservices: { api: { image: x } }',
  'configs: { a: { content: x, contents: y } }\nservices: { api: { image: x } }',
])('%s is taken or refused as the schema has it', async (text) => {
  const isTaken = await loadText(text).then(
    () => true,
    // A reference to what is not there is no matter of the schema.
    (error: Error) => /which is not declared|wait for each other/.test(error.message),
  );
  expect(isTaken).toBe(validate(parse(text)));
});
