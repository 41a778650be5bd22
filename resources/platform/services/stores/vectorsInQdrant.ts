// Vectors in Qdrant, by its REST API (version 1.10 or later, which has points/query).
import type { Dial } from '../kit/addresses.ts';
import { inject, inSpan } from '../kit/tracing.ts';
import type { VectorMatch, VectorPoint, Vectors } from './vectors.ts';

const TIMEOUT_MS = 2_000;
const ANSWER_LIMIT_BYTES = 1024 * 1024;

interface Ask {
  method: 'GET' | 'PUT' | 'POST';
  /** Below the collection's own path. */
  path?: string;
  body?: unknown;
  /** Statuses that are answers too, not only 200. */
  alsoFine?: readonly number[];
}

/** `url` is the server's, for example http://qdrant:6333. Nothing is connected before the first call. */
export function createVectorsInQdrant(url: string, dial: Dial): Vectors {
  const { hostname, port, protocol } = new URL(url);
  const ask = (operation: string, collection: string, what: Ask) => {
    const attributes = {
      'db.system.name': 'qdrant',
      'db.operation.name': operation,
      'db.collection.name': collection,
      'server.address': hostname,
      'server.port': Number(port || 6333),
    };
    return inSpan(`${operation} ${collection}`, { kind: 'client', attributes }, async (span) => {
      const address = dial(hostname, Number(port || 6333));
      const host = address.host.includes(':') ? `[${address.host}]` : address.host;
      const base = `${protocol}//${host}:${address.port}/collections/${encodeURIComponent(collection)}`;
      const answer = await send(base, what);
      span.set({ 'db.response.status_code': String(answer.status) });
      return answer;
    });
  };

  return {
    described: `Qdrant at ${hostname}:${port || 6333}`,
    async ensureCollection(name, size) {
      const found = await ask('get_collection', name, { method: 'GET', alsoFine: [404] });
      if (found.status === 404) {
        const body = { vectors: { size, distance: 'Cosine' } };
        // 409: another replica was faster.
        await ask('create_collection', name, { method: 'PUT', body, alsoFine: [409] });
        return;
      }
      const known = findPath(found.result, ['config', 'params', 'vectors', 'size']);
      if (known !== size) throw new Error(`collection ${name} has vectors of ${String(known)}, not ${size}`);
    },
    async upsert(name, points) {
      const body = { points: points.map(({ id, vector }: VectorPoint) => ({ id, vector })) };
      await ask('upsert', name, { method: 'PUT', path: '/points?wait=true', body });
    },
    async count(name) {
      const { result } = await ask('count', name, { method: 'POST', path: '/points/count', body: { exact: true } });
      const count = findPath(result, ['count']);
      if (typeof count !== 'number') throw new Error('Qdrant did not say how many points there are');
      return count;
    },
    async findNearest(name, vector, limit) {
      const body = { query: vector, limit };
      const { result } = await ask('query', name, { method: 'POST', path: '/points/query', body });
      const points = findPath(result, ['points']);
      if (!Array.isArray(points)) throw new Error('Qdrant did not answer with a list of points');
      return points.filter(isMatch).map(({ id, score }) => ({ id, score }));
    },
  };
}

async function send(base: string, { method, path = '', body, alsoFine = [] }: Ask) {
  const response = await fetch(base + path, {
    method,
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: { ...inject(), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await readText(response);
  if (response.status !== 200 && !alsoFine.includes(response.status)) {
    throw new Error(`Qdrant answered ${response.status}: ${text.slice(0, 200)}`);
  }
  return { status: response.status, result: findPath(parse(text), ['result']) };
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > ANSWER_LIMIT_BYTES) throw new Error(`Qdrant's answer is larger than ${ANSWER_LIMIT_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function findPath(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const name of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}

function isMatch(point: unknown): point is VectorMatch {
  const { id, score } = (point ?? {}) as Partial<VectorMatch>;
  return typeof id === 'number' && typeof score === 'number';
}
