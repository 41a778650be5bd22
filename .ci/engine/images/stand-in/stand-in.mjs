// Takes the place of a product that Debian has no package of, on engines that cannot pull its image. Health and the few
// API paths that others ask for answer in the product's shape; every answer, and the log, says that it is a stand-in.
import { createServer } from 'node:http';

const product = process.env.STAND_IN ?? '';
const note = `This is a stand-in; no real ${product} runs here and nothing is stored`;

const PRODUCTS = {
  elasticsearch: {
    9200: {
      '/': { name: 'stand-in', cluster_name: 'stand-in', version: { number: 'stand-in' }, tagline: note },
      '/_cluster/health': { cluster_name: 'stand-in', status: 'green', number_of_nodes: 1, active_shards: 0 },
      '/_cat/indices': [],
    },
  },
  qdrant: {
    6333: {
      '/': { title: 'qdrant', version: 'stand-in' },
      '/healthz': 'healthz check passed',
      '/readyz': 'all shards are ready',
      '/livez': 'healthz check passed',
      '/collections': { result: { collections: [] }, status: 'ok', time: 0 },
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
      '/api/services': { data: [], total: 0, limit: 0, offset: 0, errors: null },
      '/api/traces': { data: [], total: 0, limit: 0, offset: 0, errors: null },
    },
    // OTLP/HTTP: a client that reads the answer learns that its spans are not kept.
    4318: { '/v1/traces': { partialSuccess: { rejectedSpans: 0, errorMessage: note } } },
    8888: { '/metrics': gauge('jaeger_stand_in') },
  },
};

function gauge(name) {
  return `# HELP ${name} ${note}\n# TYPE ${name} gauge\n${name} 1\n`;
}

/** Objects carry the remark as a field; texts and lists have their shape, so there it is the header's alone. */
function toBody(answer) {
  if (typeof answer === 'string') return { type: 'text/plain; charset=utf-8', text: answer };
  const value = Array.isArray(answer) ? answer : { ...answer, standIn: product, note };
  return { type: 'application/json', text: `${JSON.stringify(value)}\n` };
}

function serve(port, answers) {
  const server = createServer((request, response) => {
    request.resume();
    const { pathname } = new URL(request.url ?? '/', 'http://stand-in');
    const known = Object.hasOwn(answers, pathname);
    const { type, text } = toBody(known ? answers[pathname] : { error: `the stand-in has no ${pathname}` });
    response.writeHead(known ? 200 : 501, { 'content-type': type, 'x-gatehouse-stand-in': product });
    response.end(text);
  });
  server.listen(Number(port), '0.0.0.0', () => log(`stand-in for ${product} on port ${port}`));
  return server;
}

function log(message) {
  process.stdout.write(`${JSON.stringify({ level: 'info', time: new Date().toISOString(), message, note })}\n`);
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
