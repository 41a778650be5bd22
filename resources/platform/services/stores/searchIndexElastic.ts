// Elasticsearch, over its HTTP API. After a failure it is left alone for a moment, so that a search that cannot be answered
// here costs no time before it is answered elsewhere.
import type { Log } from '../kit/log.ts';
import { inClientSpan } from './clientSpan.ts';
import { FIELD_WEIGHTS, type Hit, type IndexedProduct, type SearchIndex } from './searchIndex.ts';
import { createStoreState, StoreAway, toReason } from './storeState.ts';

export interface ElasticOptions {
  /** http://host:port */
  url: URL;
  log: Log;
  index?: string;
  now?: () => number;
}

const STORE = 'search index';
const SEARCH_TIMEOUT_MS = 1_000;
const WRITE_TIMEOUT_MS = 2_000;
const PAUSE_MS = 1_000;
const ANSWER_LIMIT_BYTES = 4 * 1024 * 1024;
/** A bulk request to an index that is gone would make one with mappings of its own guess; to an alias it is refused. */
const EXISTING_ALONE = '?require_alias=true';
/** Documents of one bulk request. */
const AT_ONCE = 250;

const MAPPINGS = {
  dynamic: 'strict',
  properties: {
    id: { type: 'integer' },
    name: { type: 'text' },
    category: { type: 'keyword', fields: { words: { type: 'text' } } },
    tags: { type: 'text' },
    priceCents: { type: 'integer' },
    stock: { type: 'integer', index: false },
  },
};
/** One node holds all of it: a replica would stay unassigned, and the index yellow for ever. */
const SETTINGS = { number_of_shards: 1, number_of_replicas: 0 };

interface Ask {
  method: 'GET' | 'PUT' | 'POST';
  path: string;
  body?: unknown;
  timeoutMs: number;
  /** Statuses that are an answer and no failure, besides 2xx. */
  expected?: readonly number[];
}

export function createElasticIndex({ url, log, index = 'products', now = Date.now }: ElasticOptions): SearchIndex {
  const state = createStoreState(STORE, log);
  let pausedUntil = 0;

  async function ask({
    method,
    path,
    body,
    timeoutMs,
    expected = [],
  }: Ask): Promise<{ status: number; json: unknown }> {
    if (now() < pausedUntil) throw new StoreAway(STORE, 'it did not answer a moment ago');
    const operation = path.replace(/^.*\//, '').replace(/\?.*$/, '');
    const attributes = {
      'db.system.name': 'elasticsearch',
      'db.operation.name': operation,
      'db.collection.name': index,
    };
    return inClientSpan(`${operation} ${index}`, attributes, async () => {
      try {
        const answer = await send(new URL(path, url), { method, body, timeoutMs });
        if (answer.status >= 300 && !expected.includes(answer.status)) throw new Error(`it answered ${answer.status}`);
        state.back();
        return answer;
      } catch (error) {
        throw noteAway(error);
      }
    });
  }

  function noteAway(error: unknown): StoreAway {
    const reason = toReason(error);
    pausedUntil = now() + PAUSE_MS;
    state.away(reason);
    return new StoreAway(STORE, reason, { cause: error });
  }

  return {
    described: `Elasticsearch at ${url.host}`,
    get isAway() {
      return state.isAway;
    },
    async search({ text, category, limit }) {
      const body = { size: limit, track_total_hits: true, query: toQuery(text, category) };
      const { json } = await ask({ method: 'POST', path: `/${index}/_search`, body, timeoutMs: SEARCH_TIMEOUT_MS });
      return readHits(json);
    },
    async put(products) {
      for (let start = 0; start < products.length; start += AT_ONCE) {
        const lines = products.slice(start, start + AT_ONCE).flatMap(({ product, version }) => [
          // external_gte: an older version is refused with 409, the same one may be written again.
          { index: { _id: String(product.id), version, version_type: 'external_gte' } },
          product,
        ]);
        const { json } = await ask({
          method: 'POST',
          path: `/${index}/_bulk${EXISTING_ALONE}`,
          body: lines,
          timeoutMs: WRITE_TIMEOUT_MS,
        });
        const fault = findBulkFault(json);
        if (fault !== undefined) throw noteAway(new Error(fault));
      }
    },
    async prepare() {
      const create = { settings: SETTINGS, mappings: MAPPINGS, aliases: { [index]: {} } };
      // 400: there is one already; two processes may come here at once.
      await ask({ method: 'PUT', path: `/${index}-1`, body: create, timeoutMs: WRITE_TIMEOUT_MS, expected: [400] });
      await ask({ method: 'POST', path: `/${index}/_refresh`, timeoutMs: WRITE_TIMEOUT_MS });
      const { json } = await ask({ method: 'GET', path: `/${index}/_count`, timeoutMs: WRITE_TIMEOUT_MS });
      const { count } = json as { count?: unknown };
      if (typeof count !== 'number') throw new StoreAway(STORE, 'its count is no number');
      return count;
    },
    async probe() {
      await ask({ method: 'GET', path: `/${index}/_count`, timeoutMs: SEARCH_TIMEOUT_MS });
    },
    close: async () => {},
  };
}

function toQuery(text: string, category: string | undefined) {
  const { name, category: categoryWeight, tags } = FIELD_WEIGHTS;
  const fields = [`name^${name}`, `category.words^${categoryWeight}`, `tags^${tags}`];
  const match = { multi_match: { query: text, fields, fuzziness: 'AUTO' } };
  return { bool: { must: [match], ...(category === undefined ? {} : { filter: [{ term: { category } }] }) } };
}

function readHits(json: unknown): { count: number; hits: Hit[] } {
  const { hits } = json as {
    hits?: { total?: { value?: number }; hits?: { _score?: number; _source?: IndexedProduct }[] };
  };
  const found = (hits?.hits ?? []).flatMap(({ _source, _score }) =>
    _source === undefined ? [] : [{ ..._source, score: Math.round((_score ?? 0) * 1_000) / 1_000 }],
  );
  return { count: hits?.total?.value ?? found.length, hits: found };
}

/** Conflicts are older versions, which are not wanted; anything else was not written. */
function findBulkFault(json: unknown): string | undefined {
  const { errors, items = [] } = json as { errors?: boolean; items?: { index?: { status?: number } }[] };
  if (errors !== true) return undefined;
  const failed = items.map((item) => item.index?.status ?? 0).filter((status) => status >= 300 && status !== 409);
  return failed.length === 0 ? undefined : `${failed.length} documents were not taken (${failed[0]})`;
}

interface Sending {
  method: string;
  body: unknown;
  timeoutMs: number;
}

async function send(url: URL, { method, body, timeoutMs }: Sending): Promise<{ status: number; json: unknown }> {
  const isBulk = Array.isArray(body);
  const text = isBulk ? body.map((line) => `${JSON.stringify(line)}\n`).join('') : JSON.stringify(body);
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(timeoutMs),
    redirect: 'error',
    ...(body === undefined
      ? {}
      : { body: text, headers: { 'content-type': isBulk ? 'application/x-ndjson' : 'application/json' } }),
  });
  const answer = await readBounded(response);
  return { status: response.status, json: answer === '' ? {} : JSON.parse(answer) };
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > ANSWER_LIMIT_BYTES) throw new Error(`its answer is larger than ${ANSWER_LIMIT_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
