// The part of Elasticsearch's REST API that the platform uses, over documents in memory that are compared one by one: an
// index with an alias (make, count, refresh), _bulk with external versions, _search by multi_match with fuzziness AUTO.

const INDICES_LIMIT = 16;
const DOCUMENTS_LIMIT = 100_000;

/** Answers `{ status, body }` for a path that it knows, undefined for any other. */
export function createElasticsearch() {
  const indices = new Map();
  const aliases = new Map();

  const find = (name) => indices.get(aliases.get(name) ?? name);
  const missing = (name) => refuse(404, 'index_not_found_exception', `no such index [${name}]`);

  function make(name, body) {
    if (indices.has(name) || aliases.has(name)) {
      return refuse(400, 'resource_already_exists_exception', `index [${name}] already exists`);
    }
    if (indices.size >= INDICES_LIMIT) return refuse(400, 'validation_exception', `it keeps ${INDICES_LIMIT} indices`);
    indices.set(name, new Map());
    for (const alias of Object.keys(body?.aliases ?? {})) aliases.set(alias, name);
    return fine({ acknowledged: true, shards_acknowledged: true, index: name });
  }

  function bulk(name, lines, needsAlias) {
    const documents = needsAlias && !aliases.has(name) ? undefined : find(name);
    if (!Array.isArray(lines)) return refuse(400, 'parse_exception', 'the body must be lines of JSON');
    const items = [];
    for (let at = 0; at + 1 < lines.length; at += 2) {
      items.push({ index: put(documents, name, { action: lines[at]?.index ?? {}, source: lines[at + 1] }) });
    }
    return fine({ took: 0, errors: items.some(({ index }) => index.status >= 300), items });
  }

  /** A missing index is never made: the platform asks for an alias, and without one Elasticsearch refuses too. */
  function put(documents, name, { action, source }) {
    const { _id: id, version = 1 } = action;
    const at = { _index: name, _id: id };
    if (documents === undefined) return { ...at, status: 404, error: toError('index_not_found_exception', name) };
    const known = documents.get(id);
    if (known !== undefined && known.version > version) {
      const reason = `current version [${known.version}] is higher than the one provided [${version}]`;
      return { ...at, status: 409, error: toError('version_conflict_engine_exception', reason) };
    }
    if (known === undefined && documents.size >= DOCUMENTS_LIMIT) {
      return { ...at, status: 429, error: toError('es_rejected_execution_exception', `it keeps ${DOCUMENTS_LIMIT}`) };
    }
    documents.set(id, { version, source });
    return { ...at, _version: version, result: known ? 'updated' : 'created', status: known ? 200 : 201 };
  }

  function search(name, body) {
    const documents = find(name);
    if (documents === undefined) return missing(name);
    const { size = 10, query = {} } = body ?? {};
    const match = query.bool?.must?.[0]?.multi_match;
    if (typeof match?.query !== 'string' || !Array.isArray(match.fields)) {
      return refuse(400, 'parsing_exception', 'the stand-in knows bool.must of one multi_match alone');
    }
    const filters = (query.bool.filter ?? []).map(({ term }) => Object.entries(term ?? {})[0] ?? ['', undefined]);
    const hits = [];
    for (const [id, { source }] of documents) {
      if (filters.some(([field, value]) => source[field] !== value)) continue;
      const score = scoreDocument(source, match);
      if (score > 0) hits.push({ _index: name, _id: id, _score: score, _source: source });
    }
    hits.sort((a, b) => b._score - a._score || Number(a._id) - Number(b._id));
    const total = { value: hits.length, relation: 'eq' };
    return fine({ took: 0, timed_out: false, hits: { total, hits: hits.slice(0, size) } });
  }

  return ({ method, pathname, search: parameters, body }) => {
    const [, name, operation] =
      /^\/([a-z0-9][a-z0-9._-]{0,254})(?:\/(_bulk|_search|_count|_refresh))?$/.exec(pathname) ?? [];
    if (pathname === '/_cat/indices') {
      return { status: 200, body: [...indices].map(([index, { size }]) => ({ index, 'docs.count': String(size) })) };
    }
    if (name === undefined) return undefined;
    if (method === 'PUT' && operation === undefined) return make(name, body);
    if (method === 'POST' && operation === '_bulk') {
      return bulk(name, body, new URLSearchParams(parameters).get('require_alias') === 'true');
    }
    if (operation === '_search') return search(name, body);
    const documents = find(name);
    if (operation !== undefined && documents === undefined) return missing(name);
    if (operation === '_count') return fine({ count: documents.size });
    return operation === '_refresh' ? fine({ _shards: { total: 1, successful: 1, failed: 0 } }) : undefined;
  };
}

const fine = (body) => ({ status: 200, body });
const toError = (type, reason) => ({ type, reason });
const refuse = (status, type, reason) => ({ status, body: { error: toError(type, reason), status } });

/** `name^3`: the best field counts for each word, and a slip halves it. */
function scoreDocument(source, { query, fields, fuzziness }) {
  const weighted = fields.map((field) => {
    const [, path = '', weight = '1'] = /^([\w.]+)(?:\^([\d.]+))?$/.exec(field) ?? [];
    return { weight: Number(weight), words: toWords(source[path.replace(/\.words$/, '')]) };
  });
  let score = 0;
  for (const asked of toWords(query)) {
    const allowed = fuzziness === 'AUTO' ? (asked.length < 3 ? 0 : asked.length < 6 ? 1 : 2) : 0;
    let best = 0;
    for (const { weight, words } of weighted) {
      for (const word of words) {
        const slips = countSlips(asked, word);
        if (slips <= allowed) best = Math.max(best, weight / (1 + slips));
      }
    }
    score += best;
  }
  return score;
}

function toWords(value) {
  return [value].flat().flatMap(
    (text) =>
      String(text ?? '')
        .toLowerCase()
        .match(/[\p{L}\p{N}]+/gu) ?? [],
  );
}

/** Insertions, deletions, replacements and swaps of neighbours. */
function countSlips(from, to) {
  if (from === to) return 0;
  if (Math.abs(from.length - to.length) > 2) return Number.POSITIVE_INFINITY;
  const table = [Array.from({ length: to.length + 1 }, (_, index) => index)];
  for (let row = 1; row <= from.length; row += 1) {
    table[row] = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = table[row - 1][column - 1] + (from[row - 1] === to[column - 1] ? 0 : 1);
      let fewest = Math.min(table[row - 1][column] + 1, table[row][column - 1] + 1, replaced);
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (isSwap) fewest = Math.min(fewest, table[row - 2][column - 2] + 1);
      table[row][column] = fewest;
    }
  }
  return table[from.length][to.length];
}
