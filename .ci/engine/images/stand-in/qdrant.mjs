// The part of Qdrant's REST API that the platform uses, over vectors in memory that are compared one by one: collections
// (make, look, delete), points (upsert, count, query). Cosine is the only distance.

const COLLECTIONS_LIMIT = 64;
/** Of all vectors together: about 160 MB. */
const NUMBERS_LIMIT = 20_000_000;

/** Answers `{ status, body }` for a path that it knows, undefined for any other. */
export function createQdrant() {
  const collections = new Map();
  let operations = 0;

  const fine = (result) => ({ status: 200, body: { result, status: 'ok', time: 0 } });
  const refuse = (status, error) => ({ status, body: { status: { error }, time: 0 } });

  function answerCollection(method, name, body) {
    const known = collections.get(name);
    if (method === 'PUT')
      return known ? refuse(409, `Wrong input: Collection \`${name}\` already exists!`) : make(name, body);
    if (known === undefined) return refuse(404, `Not found: Collection \`${name}\` doesn't exist!`);
    if (method === 'DELETE') return fine(collections.delete(name));
    if (method !== 'GET') return undefined;
    const vectors = { size: known.size, distance: 'Cosine' };
    return fine({ status: 'green', points_count: known.points.size, config: { params: { vectors } } });
  }

  function make(name, body) {
    const { size, distance } = body?.vectors ?? {};
    if (!Number.isInteger(size) || size < 1 || size > 65_536)
      return refuse(400, 'Wrong input: vectors.size must be 1 to 65536');
    if (distance !== 'Cosine') return refuse(400, 'Wrong input: the stand-in knows no distance but Cosine');
    if (collections.size >= COLLECTIONS_LIMIT)
      return refuse(507, `the stand-in keeps ${COLLECTIONS_LIMIT} collections`);
    collections.set(name, { size, points: new Map() });
    return fine(true);
  }

  function answerPoints(method, { name, what, body }) {
    const collection = collections.get(name);
    if (collection === undefined) return refuse(404, `Not found: Collection \`${name}\` doesn't exist!`);
    if (method === 'PUT' && what === '') return upsert(collection, body);
    if (method === 'POST' && what === '/count') return fine({ count: collection.points.size });
    if (method === 'POST' && what === '/query') return query(collection, body);
    return undefined;
  }

  function upsert({ size, points }, body) {
    const given = body?.points;
    if (!Array.isArray(given)) return refuse(400, 'Wrong input: points must be a list');
    for (const { id, vector } of given) {
      if (!Number.isSafeInteger(id) || id < 0) return refuse(400, `Wrong input: ${JSON.stringify(id)} is no point id`);
      if (!isVector(vector)) return refuse(400, `Wrong input: the vector of point ${id} is no list of numbers`);
      if (vector.length !== size) return refuse(400, toSizeError(size, vector.length));
    }
    const held = [...collections.values()].reduce((sum, one) => sum + one.size * one.points.size, 0);
    if (held + given.length * size > NUMBERS_LIMIT) return refuse(507, `the stand-in keeps ${NUMBERS_LIMIT} numbers`);
    for (const { id, vector } of given) points.set(id, toUnit(vector));
    operations += 1;
    return fine({ operation_id: operations, status: 'completed' });
  }

  function query({ size, points }, body) {
    const { query: vector, limit = 10 } = body ?? {};
    if (!isVector(vector)) return refuse(400, 'Wrong input: the stand-in takes a list of numbers as query');
    if (vector.length !== size) return refuse(400, toSizeError(size, vector.length));
    if (!Number.isInteger(limit) || limit < 1) return refuse(422, 'Wrong input: limit must be a whole number from 1');
    const wanted = toUnit(vector);
    const found = [...points].map(([id, unit]) => ({ id, version: 0, score: multiply(wanted, unit) }));
    found.sort((a, b) => b.score - a.score || a.id - b.id);
    return fine({ points: found.slice(0, limit) });
  }

  return ({ method, pathname, body }) => {
    if (method === 'GET' && pathname === '/collections') {
      return fine({ collections: [...collections.keys()].map((name) => ({ name })) });
    }
    const [, encoded, below] = /^\/collections\/([^/]{1,255})(\/.*)?$/.exec(pathname) ?? [];
    if (encoded === undefined) return undefined;
    const name = decode(encoded);
    if (below === undefined) return answerCollection(method, name, body);
    return below.startsWith('/points')
      ? answerPoints(method, { name, what: below.slice('/points'.length), body })
      : undefined;
  };
}

const toSizeError = (size, given) => `Wrong input: Vector dimension error: expected dim: ${size}, got ${given}`;

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isVector(value) {
  return Array.isArray(value) && value.every((one) => Number.isFinite(one));
}

/** Cosine is the product of vectors of length 1, as Qdrant keeps them too. */
function toUnit(vector) {
  const length = Math.hypot(...vector);
  return Float32Array.from(vector, (value) => (length === 0 ? 0 : value / length));
}

function multiply(a, b) {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += a[index] * b[index];
  return sum;
}
