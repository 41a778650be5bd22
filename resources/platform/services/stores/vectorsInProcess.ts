// The vectors of the sandbox, and what answers while Qdrant is away: every vector is compared (exact, no index).
import type { VectorMatch, Vectors } from './vectors.ts';

interface Collection {
  size: number;
  /** Of length 1, or of zeros. */
  units: Map<number, Float32Array>;
}

export function createVectorsInProcess(): Vectors {
  const collections = new Map<string, Collection>();

  function getCollection(name: string, vectors: Iterable<readonly number[]>): Collection {
    const collection = collections.get(name);
    if (collection === undefined) throw new Error(`there is no collection ${name}; make it first`);
    for (const { length } of vectors) {
      if (length === collection.size) continue;
      throw new Error(`a vector has ${length} numbers; collection ${name} takes ${collection.size}`);
    }
    return collection;
  }

  return {
    described: 'vectors in this process, compared one by one',
    async ensureCollection(name, size) {
      const known = collections.get(name);
      if (known === undefined) collections.set(name, { size, units: new Map() });
      else if (known.size !== size) throw new Error(`collection ${name} has vectors of ${known.size}, not ${size}`);
    },
    async upsert(name, points) {
      const { units } = getCollection(
        name,
        points.map(({ vector }) => vector),
      );
      for (const { id, vector } of points) units.set(id, toUnit(vector));
    },
    async count(name) {
      return getCollection(name, []).units.size;
    },
    async findNearest(name, vector, limit) {
      const { units } = getCollection(name, [vector]);
      const wanted = toUnit(vector);
      const matches: VectorMatch[] = [];
      for (const [id, unit] of units) matches.push({ id, score: multiply(wanted, unit) });
      return matches.sort((a, b) => b.score - a.score || a.id - b.id).slice(0, limit);
    },
  };
}

function toUnit(vector: readonly number[]): Float32Array {
  const unit = new Float32Array(vector);
  const length = Math.sqrt(multiply(unit, unit));
  for (let index = 0; length > 0 && index < unit.length; index += 1) unit[index] = (unit[index] ?? 0) / length;
  return unit;
}

function multiply(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
