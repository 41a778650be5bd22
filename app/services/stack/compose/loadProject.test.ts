import { expect, test } from 'vitest';
import { loadText, problemOf, readerOf } from './test/loadText.ts';

/** `KEY=value` of a compose file that needs a variable. */
const variable = (inner: string) => `\${${inner}}`;

test('a service in short forms comes out in long ones', async () => {
  const { project } = await loadText(`
name: shop
services:
  api:
    image: shop/api
    command: serve --port "80 81"
    environment: [A=1, B]
    depends_on: [db]
    ports: ["127.0.0.1:8080:80/udp"]
    volumes: ["./conf:/etc/api:ro", "data:/data"]
    healthcheck: { test: curl localhost, interval: 90s }
  db: { image: postgres }
volumes: { data: , unused: }
`);
  expect(project).toEqual({
    name: 'shop',
    services: {
      api: {
        image: 'shop/api',
        command: ['serve', '--port', '80 81'],
        entrypoint: null,
        environment: { A: '1', B: null },
        depends_on: { db: { condition: 'service_started', required: true } },
        networks: { default: null },
        ports: [{ mode: 'ingress', host_ip: '127.0.0.1', target: 80, published: '8080', protocol: 'udp' }],
        volumes: [
          {
            type: 'bind',
            source: '/project/conf',
            target: '/etc/api',
            read_only: true,
            bind: { create_host_path: true },
          },
          { type: 'volume', source: 'data', target: '/data', volume: {} },
        ],
        healthcheck: { test: ['CMD-SHELL', 'curl localhost'], interval: '1m30s' },
      },
      db: { image: 'postgres', command: null, entrypoint: null, networks: { default: null } },
    },
    networks: { default: { name: 'shop_default', ipam: {} } },
    volumes: { data: { name: 'shop_data' } },
  });
});

test('every file that was read is named with the hash of its text', async () => {
  const { sources, files, folder } = await loadText({
    'compose.yaml': 'include: [lib/compose.yaml]\nservices: { api: { image: x, env_file: api.env } }',
    'lib/compose.yaml': 'services: { lib: { extends: { file: base.yaml, service: base } } }',
    'lib/base.yaml': 'services: { base: { image: y } }',
    'api.env': 'A=1',
    '.env': 'B=2',
    'unread.yaml': 'services: {}',
  });
  const read = ['.env', 'api.env', 'compose.yaml', 'lib/base.yaml', 'lib/compose.yaml'].map(
    (path) => `/project/${path}`,
  );
  expect(Object.keys(sources).sort()).toEqual(read);
  // SHA-256 of `A=1`.
  expect(sources['/project/api.env']).toBe('f1d316d330440dea46d96ad43f6562ff9411c1b84700794dcd584f18146a18f6');
  expect({ files, folder }).toEqual({ files: ['/project/compose.yaml'], folder: '/project' });
});

test('values of variables that are secrets stay out of the project', async () => {
  const { project, variableValues } = await loadText(
    {
      'compose.yaml':
        'services: { api: { image: x, secrets: [key], configs: [text] } }\nsecrets: { key: { environment: KEY } }\nconfigs: { text: { environment: TEXT } }',
    },
    { environment: { KEY: 'hush', TEXT: 'plain' } },
  );
  expect(variableValues).toEqual({ secrets: { key: 'hush' }, configs: { text: 'plain' } });
  expect(JSON.stringify(project)).not.toMatch(/hush|plain/);
});

test('services whose profile is not on are named', async () => {
  const files = 'services: { api: { image: x }, debug: { image: y, profiles: [debug] } }';
  expect((await loadText(files)).disabled).toEqual(['debug']);
  expect((await loadText(files, { profiles: ['debug'] })).disabled).toEqual([]);
});

test.each<[string, Record<string, string>, RegExp]>([
  [
    'a file laid over another',
    { 'compose.yaml': 'services: { api: { image: x } }', 'compose.override.yaml': 'services:\n  api:\n    prots: []' },
    /^compose\.override\.yaml:3:5: services\.api\.prots /,
  ],
  [
    'an included file',
    { 'compose.yaml': 'include: [lib/a.yaml]', 'lib/a.yaml': 'services:\n  lib: { image: x, user: 5 }' },
    /^lib\/a\.yaml:2:26: services\.lib\.user must be a text/,
  ],
  [
    'an extended file',
    {
      'compose.yaml': 'services: { api: { extends: { file: base.yaml, service: api } } }',
      'base.yaml': 'services:\n  api:\n    image: x\n    networks: [nowhere]',
    },
    /^base\.yaml:4:16: service "api" joins network "nowhere"/,
  ],
  [
    'an anchor',
    { 'compose.yaml': 'x-base: &base\n  image: x\n  restart: 5\nservices:\n  api:\n    <<: *base' },
    /^compose\.yaml:3:12: services\.api\.restart must be a text/,
  ],
  ['the second document', { 'compose.yaml': 'name: p\n---\nservices: [a]' }, /^compose\.yaml:3:11: services must be/],
  [
    'a file outside the folder',
    { 'compose.yaml': 'include: [/elsewhere/a.yaml]', '/elsewhere/a.yaml': 'services: { a: { image: 1 } }' },
    /^\/elsewhere\/a\.yaml:1:25: /,
  ],
])('a mistake in %s is found in that file', async (_, files, message) => {
  expect(await problemOf(files)).toMatchObject({ code: 'compose-invalid', message: expect.stringMatching(message) });
});

test('a misspelt key is told from its neighbour', async () => {
  const { remedy } = await problemOf('services: { api: { image: x, enviroment: {} } }');
  expect(remedy).toContain('Did you mean environment?');
});

test('what has a cycle is told as the way around', async () => {
  const { message } = await problemOf(
    'services: { a: { image: x, depends_on: [b] }, b: { image: x, network_mode: "service:c" }, c: { image: x, links: [a] } }',
  );
  expect(message).toContain('services wait for each other: a → b → c → a');
});

test('an empty list over a longer one, and a command that a shell would go on with, are doubted', async () => {
  const { warnings } = await loadText({
    'compose.yaml': 'services: { api: { image: x, command: a; b, ports: ["80:80"] } }',
    'compose.override.yaml': 'services: { api: { ports: [] } }',
  });
  expect(warnings).toEqual([
    {
      place: 'compose.override.yaml:1:27',
      message: 'services.api.ports: [] takes nothing away from an earlier file; write !reset []',
    },
    {
      place: 'compose.yaml:1:39',
      message: 'the command of service "api" ends before "; b": no shell runs it; write sh -c',
    },
  ]);
});

test('a variable that is not set is said once for each place', async () => {
  const { warnings } = await loadText(`services: { api: { image: "${variable('NOPE')}x${variable('NOPE')}" } }`);
  expect(warnings).toEqual([
    { place: 'compose.yaml:1:27', message: 'variable NOPE is not set and has no default; it is empty here' },
  ]);
});

test('a folder that is none, and one without a compose file, are told', async () => {
  const reader = readerOf({ 'other.txt': '' });
  expect(await problemOf({ 'other.txt': '' })).toMatchObject({ code: 'folder-unreadable' });
  const nowhere = await problemOf({}, { folder: '/nowhere', reader });
  expect(nowhere).toMatchObject({ code: 'folder-unreadable', message: '/nowhere is no folder that can be read.' });
});

test('keys that name parts of JavaScript objects are plain keys', async () => {
  const { project } = await loadText(
    'services: { __proto__: { image: x }, constructor: { image: y, labels: { __proto__: z }, environment: { toString: } } }',
    { environment: { __proto__: 'no', constructor: undefined } },
  );
  expect(Object.keys(project.services)).toEqual(['__proto__', 'constructor']);
  expect(Object.entries(project.services)[1]?.[1].environment).toEqual({ toString: null });
  expect(({} as { image?: string }).image).toBeUndefined();
});

test('a chain of includes that never ends is stopped', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 40 }, (_, at) => [
      `${at}.yaml`,
      `include: [${at + 1}.yaml]\nservices: { s${at}: { image: x } }`,
    ]),
  );
  const { message } = await problemOf({ ...files, 'compose.yaml': 'include: [0.yaml]' });
  expect(message).toContain('nested deeper than 20');
});

test('more files than a project has are not read', async () => {
  const names = Array.from({ length: 300 }, (_, at) => `${at}.env`);
  const { message } = await problemOf({
    ...Object.fromEntries(names.map((name) => [name, 'A=1'])),
    'compose.yaml': `services: { api: { image: x, env_file: [${names.join(', ')}] } }`,
  });
  expect(message).toContain('more than 200 files');
});
