// The vectors of the catalogue in Qdrant, and a copy in this process that answers while Qdrant is away.
import { findCatalogueFingerprint } from '../../data/fingerprint.ts';
import type { Program } from '../../kit/program.ts';
import type { VectorMatch, VectorPoint, Vectors } from '../../stores/vectors.ts';
import { createVectorsInProcess } from '../../stores/vectorsInProcess.ts';
import { createVectorsInQdrant } from '../../stores/vectorsInQdrant.ts';
import { createDependency, type Dependency } from './dependency.ts';

export interface VectorIndexRecipe {
  name: string;
  /** Raised whenever the same data would give other vectors. */
  version: number;
  size: number;
  points: readonly VectorPoint[];
}

export interface VectorIndex {
  findNearest(vector: readonly number[], limit: number): Promise<VectorMatch[]>;
  /** undefined where the vectors are in this process alone, and cannot be away. */
  dependency: Dependency | undefined;
  described: string;
  /** The collection's name: it carries the fingerprint, so that versions beside each other do not mix. */
  collection: string;
}

const BATCH_POINTS = 200;

/** Reads AI_VECTORS. Never rejects because Qdrant is away: it is filled when it is back. */
export async function openVectorIndex(program: Program, recipe: VectorIndexRecipe): Promise<VectorIndex> {
  const collection = `${recipe.name}-${findCatalogueFingerprint(`${recipe.name} ${recipe.version}`).slice(0, 12)}`;
  const local = createVectorsInProcess();
  await fill(local, collection, recipe);
  const url = program.environment.AI_VECTORS || undefined;
  if (url === undefined) {
    const findNearest: VectorIndex['findNearest'] = (vector, limit) => local.findNearest(collection, vector, limit);
    return { findNearest, dependency: undefined, described: local.described, collection };
  }
  const remote = createVectorsInQdrant(url, program.dial);
  const dependency = createDependency({
    name: 'vectors',
    log: program.log,
    registry: program.metrics.registry,
    // It may come back empty.
    probe: () => fill(remote, collection, recipe),
  });
  await dependency.attempt(() => fill(remote, collection, recipe));
  return {
    dependency,
    described: remote.described,
    collection,
    async findNearest(vector, limit) {
      const found = await dependency.attempt(() => remote.findNearest(collection, vector, limit));
      return found.ok ? found.value : local.findNearest(collection, vector, limit);
    },
  };
}

/** Two replicas that fill it at once write the same points. */
async function fill(vectors: Vectors, collection: string, { size, points }: VectorIndexRecipe): Promise<void> {
  await vectors.ensureCollection(collection, size);
  if ((await vectors.count(collection)) === points.length) return;
  for (let at = 0; at < points.length; at += BATCH_POINTS) {
    await vectors.upsert(collection, points.slice(at, at + BATCH_POINTS));
  }
}
