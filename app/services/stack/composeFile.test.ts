import { expect, test } from 'vitest';
import { parseComposeFile } from './composeFile.ts';

const parse = (text: string, variables = {}) =>
  parseComposeFile({ file: 'compose.yaml', text, folderName: 'My Shop', variables });

const service = (lines: string) => {
  const text = `services:\n  api:\n${lines.replace(/^/gm, '    ')}\n  db: { image: postgres }\nnetworks: { a: , b: }\n`;
  const found = parse(text).services.find(({ name }) => name === 'api');
  if (!found) throw new Error('no service api');
  return found;
};

const problem = (text: string) => {
  try {
    parse(text);
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error('the file was taken');
};

test('the name is the file’s, else the folder’s as compose writes it', () => {
  expect(parse('name: shop\nservices: {}').name).toBe('shop');
  expect(parse('services: {}').name).toBe('myshop');
});

test.each([
  ['a list', 'environment: [A=1, B=x=y]', { A: '1', B: 'x=y' }],
  ['a mapping', 'environment: { A: 1, B: true }', { A: '1', B: 'true' }],
])('environment as %s', (_, lines, expected) => {
  expect(service(lines).environment).toEqual(expected);
});

test.each([
  ['a list', 'depends_on: [db]', [{ service: 'db', condition: 'started' }]],
  ['a mapping', 'depends_on: { db: { condition: service_healthy } }', [{ service: 'db', condition: 'healthy' }]],
  [
    'a job',
    'depends_on: { db: { condition: service_completed_successfully } }',
    [{ service: 'db', condition: 'completed' }],
  ],
])('depends_on as %s', (_, lines, expected) => {
  expect(service(lines).dependsOn).toEqual(expected);
});

test.each([
  ['"80"', { containerPort: 80, hostPort: null, hostIp: null, protocol: 'tcp' }],
  ['"8080:80"', { containerPort: 80, hostPort: 8080, hostIp: null, protocol: 'tcp' }],
  ['"127.0.0.1:8080:80/udp"', { containerPort: 80, hostPort: 8080, hostIp: '127.0.0.1', protocol: 'udp' }],
  ['"127.0.0.1::80"', { containerPort: 80, hostPort: null, hostIp: '127.0.0.1', protocol: 'tcp' }],
  ['{ target: 80, published: "8080" }', { containerPort: 80, hostPort: 8080, hostIp: null, protocol: 'tcp' }],
])('port %s', (written, expected) => {
  expect(service(`ports: [${written}]`).ports).toEqual([expected]);
});

test.each([
  ['./a:/b:ro', { source: './a', target: '/b', readOnly: true }],
  ['data:/b', { source: 'data', target: '/b', readOnly: false }],
  ['/b', { source: null, target: '/b', readOnly: false }],
])('volume %s', (written, expected) => {
  expect(service(`volumes: ["${written}"]`).volumes).toEqual([expected]);
});

test('networks as a mapping with aliases; without any, the default one is joined', () => {
  expect(service('networks: { a: { aliases: [x] }, b: }').networks).toEqual([
    { name: 'a', aliases: ['x'] },
    { name: 'b', aliases: [] },
  ]);
  expect(parse('services: { api: { image: x } }').networks).toEqual([
    { name: 'default', internal: false, external: false },
  ]);
});

test('a health check in both forms', () => {
  expect(service('healthcheck: { test: curl -f http://localhost, interval: 1m30s, retries: 3 }').healthCheck).toEqual({
    test: ['CMD-SHELL', 'curl -f http://localhost'],
    intervalMs: 90_000,
    timeoutMs: null,
    startPeriodMs: null,
    retries: 3,
  });
  expect(service('healthcheck: { disable: true }').healthCheck?.test).toEqual(['NONE']);
});

test('a command is split like a shell does it, without running one', () => {
  expect(service(`command: sh -c "echo 'a b'"`).command).toEqual(['sh', '-c', "echo 'a b'"]);
});

test('anchors and merges', () => {
  const project = parse('x-base: &base { restart: always, image: a }\nservices: { api: { <<: *base, image: b } }');
  expect(project.services[0]).toMatchObject({ restart: 'always', image: 'b' });
});

test('variables, with what is missing as a note', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: compose's own placeholder
  const project = parse('services: { api: { image: "shop:${TAG:-1}", command: ["$NAME", "$$HOME"] } }', { TAG: '' });
  expect(project.services[0]).toMatchObject({ image: 'shop:1', command: ['', '$HOME'] });
  expect(project.notes).toEqual([
    { path: 'services.api.command[0]', message: expect.stringContaining('NAME is not set') },
  ]);
});

test('what is not read is said, extensions are not', () => {
  const { notes } = parse('services: { api: { image: x, deploy: {}, x-mine: 1 } }\nsecrets: {}\nx-top: 1');
  expect(notes.map(({ path }) => path)).toEqual(['secrets', 'services.api.deploy']);
});

test.each([
  ['no YAML', 'services:\n  api: [1,\n', /^compose\.yaml:\d+:\d+: /],
  ['a duplicate key', 'services:\n  a: { image: x }\n  a: { image: y }\n', /^compose\.yaml:3:3: /],
  ['services as a list', 'services:\n  - api\n', /^compose\.yaml:2:3: services is not a mapping/],
  [
    'an unknown dependency',
    'services:\n  api:\n    image: x\n    depends_on: [nope]\n',
    /^compose\.yaml:4:\d+: service "api" depends on "nope", which is not in the compose file; add it/,
  ],
  ['an unknown network', 'services:\n  api:\n    networks: [nope]\n', /:3:\d+: service "api" joins network "nope"/],
  [
    'an unknown condition',
    'services: { a: { depends_on: { a: { condition: x } } } }',
    /condition "x" of a is not known/,
  ],
  ['a broken duration', 'services: { a: { healthcheck: { interval: soon } } }', /interval "soon" is no duration/],
])('%s is a problem with its place', (_, text, message) => {
  expect(problem(text)).toMatchObject({ code: 'compose-invalid', message: expect.stringMatching(message) });
});

test('aliases that multiply are refused, not expanded', () => {
  const levels = Array.from({ length: 12 }, (_, n) => `l${n}: &l${n} [${n === 0 ? 'x' : `*l${n - 1}, `.repeat(9)}]`);
  expect(problem(`${levels.join('\n')}\nservices: {}`)).toMatchObject({ code: 'compose-invalid' });
});

test('keys that name parts of JavaScript objects are plain keys', () => {
  const project = parse('services: { __proto__: { image: x }, constructor: { image: y, labels: { __proto__: z } } }');
  expect(project.services.map(({ name }) => name)).toEqual(['__proto__', 'constructor']);
  expect(({} as { image?: string }).image).toBeUndefined();
});
