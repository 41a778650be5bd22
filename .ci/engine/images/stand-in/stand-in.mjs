// Takes the place of a product that Debian has no package of, on engines that cannot pull its image. Health and the few
// API paths that others ask for answer in the product's shape; every answer, and the log, says that it is a stand-in.
import { createServer } from 'node:http';
import { createElasticsearch } from './elasticsearch.mjs';
import { createJaeger } from './jaeger.mjs';
import { createQdrant } from './qdrant.mjs';

const product = process.env.STAND_IN ?? '';
const note = `This is a stand-in; no real ${product} runs here, and what it takes in is gone at its end`;

const PRODUCTS = {
  elasticsearch: {
    9200: {
      '/': { name: 'stand-in', cluster_name: 'stand-in', version: { number: 'stand-in' }, tagline: note },
      '/_cluster/health': { cluster_name: 'stand-in', status: 'green', number_of_nodes: 1, active_shards: 0 },
    },
  },
  qdrant: {
    6333: {
      '/': { title: 'qdrant', version: 'stand-in' },
      '/healthz': 'healthz check passed',
      '/readyz': 'all shards are ready',
      '/livez': 'healthz check passed',
      '/metrics': gauge('qdrant_stand_in'),
    },
  },
  grafana: {
    3000: {
      '/': note,
      '/login': note,
      '/api/health': { database: 'ok', version: 'stand-in' },
      '/metrics': gauge('grafana_stand_in'),
    },
  },
  jaeger: {
    16686: {
      '/': note,
    },
    // OTLP over HTTP.
    4318: {},
    8888: { '/metrics': gauge('jaeger_stand_in') },
  },
};

/** Products of which more is needed than answers that never change: port → what answers before those do. */
const jaeger = createJaeger();
const ANSWERING = {
  elasticsearch: { 9200: createElasticsearch() },
  qdrant: { 6333: createQdrant() },
  jaeger: { 16686: jaeger.query, 4318: jaeger.collect },
};
const BODY_LIMIT_BYTES = 16 * 1024 * 1024;

function gauge(name) {
  return `# HELP ${name} ${note}\n# TYPE ${name} gauge\n${name} 1\n`;
}

/** Objects carry the remark as a field; texts and lists have their shape, so there it is the header's alone. */
function toBody(answer) {
  if (typeof answer === 'string') return { type: 'text/plain; charset=utf-8', text: answer };
  const value = Array.isArray(answer) ? answer : { ...answer, standIn: product, note };
  return { type: 'application/json', text: `${JSON.stringify(value)}\n` };
}

async function answer(port, answers, request) {
  const { pathname, search } = new URL(request.url ?? '/', 'http://stand-in');
  const body = await readJson(request);
  if (body.fault !== undefined) return { status: body.status, body: { error: body.fault } };
  const answered = ANSWERING[product]?.[port]?.({ method: request.method, pathname, search, body: body.value });
  if (answered !== undefined) return answered;
  const known = Object.hasOwn(answers, pathname);
  return known
    ? { status: 200, body: answers[pathname] }
    : { status: 501, body: { error: `the stand-in has no ${pathname}` } };
}

async function readJson(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > BODY_LIMIT_BYTES) return { status: 413, fault: `the body is larger than ${BODY_LIMIT_BYTES} bytes` };
    chunks.push(chunk);
  }
  if (size === 0 || ANSWERING[product] === undefined) return { value: undefined };
  try {
    const text = Buffer.concat(chunks).toString('utf8');
    // Bulk requests of Elasticsearch: one object a line.
    const isLines = request.headers['content-type'] === 'application/x-ndjson';
    return {
      value: isLines
        ? text
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line))
        : JSON.parse(text),
    };
  } catch {
    return { status: 400, fault: 'the body is not JSON' };
  }
}

/** STAND_IN_LISTEN=127.0.0.1:0 takes the place of the product's own ports, for tests. */
const [, host = '0.0.0.0', ownPort] = /^(.*):(\d+)$/.exec(process.env.STAND_IN_LISTEN ?? '') ?? [];

function serve(port, answers) {
  const server = createServer((request, response) => {
    response.on('error', () => {});
    answer(port, answers, request).then(
      ({ status, body }) => {
        const { type, text } = toBody(body);
        response.writeHead(status, { 'content-type': type, 'x-gatehouse-stand-in': product });
        response.end(text);
      },
      // The client has gone in the middle of its request.
      () => response.destroy(),
    );
  });
  server.listen(Number(ownPort ?? port), host, () => {
    const { port: bound } = server.address();
    log(`stand-in for ${product} on port ${bound}`, { port: bound, insteadOf: Number(port) });
  });
  return server;
}

function log(message, fields) {
  const line = { level: 'info', time: new Date().toISOString(), message, note, ...fields };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const ports = PRODUCTS[product];
if (ports === undefined) throw new Error(`STAND_IN=${product} is not known; use one of ${Object.keys(PRODUCTS)}`);
const servers = Object.entries(ports).map(([port, answers]) => serve(port, answers));
// As PID 1 it gets no default handlers: without these a stop would wait out its timeout.
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    for (const server of servers) server.close();
    for (const server of servers) server.closeAllConnections();
  });
}
