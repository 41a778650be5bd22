import { expect, test } from 'vitest';
import { startGateway, startUpstream } from './fixture.ts';
import { ask, askExplain } from './request.ts';

const YAML = `
  - id: search
    paths: [/search]
    upstream: app
    validate:
      - query:
          lengthLimit: 60
          parameterLimit: 4
          schema:
            type: object
            additionalProperties: false
            required: [q]
            properties:
              q: { type: string, minLength: 1 }
              page: { type: integer, minimum: 1 }
              tag: { type: array, maxItems: 2, items: { type: string } }
        headers: { countLimit: 8, totalBytes: 400, valueBytes: 100 }
  - id: orders
    paths: [/orders]
    upstream: app
    validate: [{ methods: [POST], body: { schema: { type: object } } }]
`;

async function start() {
  const seen: string[] = [];
  const upstream = await startUpstream((req, res) => {
    seen.push(req.url ?? '');
    res.end('taken');
  });
  return { seen, ...(await startGateway({ upstreamPort: upstream.port, yaml: YAML })) };
}

test('a query that fits is forwarded as it was written', async () => {
  const { port, seen } = await start();
  for (const query of ['?q=a', '?page=2&q=%C3%BC+x', '?tag=a&q=1&tag=b', '?q=a&&page=1&'])
    expect((await ask(port, `/search${query}`)).status).toBe(200);
  expect(seen).toEqual(['/search?q=a', '/search?page=2&q=%C3%BC+x', '/search?tag=a&q=1&tag=b', '/search?q=a&&page=1&']);
});

test.each<[query: string, pointer: string, message: string]>([
  ['', '/q', 'is missing'],
  ['?q=', '/q', 'must NOT have fewer than 1 characters'],
  ['?q=a&page=0', '/page', 'must be >= 1'],
  ['?q=a&page=hunter2', '/page', 'must be integer'],
  ['?q=a&page=1&page=2', '/page', 'stands there twice'],
  ['?q=a&q=b', '/q', 'stands there twice'],
  ['?q=a&debug=1', '/debug', 'is not known here'],
  ['?q=a&tag=1&tag=2&tag=3', '/tag', 'must NOT have more than 2 items'],
  ['?q=a&tag=1&tag=2&page=1&page', '', 'has 5 parameters, and may have 4'],
  [`?q=${'a'.repeat(59)}`, '', 'has 61 characters, and may have 60'],
  ['?q=a&constructor=1', '/constructor', 'is not known here'],
  ['?q=a&__proto__=1', '/__proto__', 'is not known here'],
])('the query %s is 422 and names what is wrong', async (query, pointer, message) => {
  const { port, seen } = await start();
  const { status, body } = await ask(port, `/search${query}`);
  expect([status, JSON.parse(body).errors]).toEqual([422, [{ in: 'query', pointer, message }]]);
  expect([body.includes('hunter2'), seen]).toEqual([false, []]);
});

test('a query that can be read in two ways is 400', async () => {
  const { port, seen } = await start();
  for (const query of ['?q=%', '?q=%ff', '?%zz=1']) {
    const { status, body } = await ask(port, `/search${query}`);
    expect([status, JSON.parse(body).code]).toEqual([400, 'bad-request']);
  }
  expect(seen).toEqual([]);
});

test.each<[what: string, headers: Record<string, string>, pointer: string, message: RegExp]>([
  ['a value', { 'x-note': 'x'.repeat(101) }, '/x-note', /has 101 bytes, and may have 100/],
  [
    'the number',
    Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`x-${index}`, '1'])),
    '',
    /fields, and may have 8/,
  ],
  [
    'the whole',
    Object.fromEntries(Array.from({ length: 5 }, (_, index) => [`x-${index}`, 'y'.repeat(95)])),
    '',
    /bytes, and may have 400/,
  ],
])('431 when %s of the fields is over the limit of the route', async (_what, headers, pointer, message) => {
  const { port, seen } = await start();
  const { status, body } = await ask(port, '/search?q=a', { headers });
  const problem = JSON.parse(body) as { code: string; errors: unknown };
  expect([status, problem.code]).toEqual([431, 'headers-too-large']);
  expect(problem.errors).toEqual([{ in: 'header', pointer, message: expect.stringMatching(message) }]);
  expect(seen).toEqual([]);
  expect((await ask(port, '/app', { headers })).status).toBe(200);
});

test('explain checks what it knows of a request, and says that it knows no body', async () => {
  const { adminSocket } = await start();
  const sentenceOf = async (
    ...question: Parameters<typeof askExplain> extends [string, ...infer Rest] ? Rest : never
  ) => {
    const { stages, answer } = await askExplain(adminSocket, ...question);
    return [answer?.status, stages.find(({ stage }) => stage === 'validate')?.sentence];
  };
  expect(await sentenceOf('/search')).toEqual([422, 'The request is not valid: /q is missing.']);
  const headers: [string, string][] = [
    ['content-type', 'application/json'],
    ['content-length', '7'],
  ];
  expect(await sentenceOf('/orders', { method: 'POST', headers })).toEqual([
    undefined,
    'Everything before the body is as the route wants it; the body is not known.',
  ]);
  expect(await sentenceOf('/orders')).toEqual([undefined, 'Route orders checks no GET.']);
});
