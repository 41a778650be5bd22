// One table for the vectors of this process and for the client of Qdrant, which is asked of the stand-in of .ci/engine:
// no real Qdrant can be installed where these tests run. GATEHOUSE_TEST_QDRANT=http://host:port asks a real one.
import { beforeEach, describe, expect, test } from 'vitest';
import { createRandom } from '../../data/random.ts';
import { createDialler } from '../../kit/addresses.ts';
import { startStandIn } from '../../test/standInProcess.ts';
import type { Vectors } from '../vectors.ts';
import { createVectorsInProcess } from '../vectorsInProcess.ts';
import { createVectorsInQdrant } from '../vectorsInQdrant.ts';

const real = process.env.GATEHOUSE_TEST_QDRANT ?? '';
const dial = createDialler(undefined);

const STORES: Record<string, () => Promise<Vectors>> = {
  'this process': async () => createVectorsInProcess(),
  'the stand-in of Qdrant': async () => createVectorsInQdrant((await startStandIn('qdrant')).url, dial),
  'a real Qdrant': async () => createVectorsInQdrant(real, dial),
};

describe.each(Object.keys(STORES))('%s', (kind) => {
  beforeEach((context) => {
    if (kind === 'a real Qdrant' && real === '')
      context.skip('needs a Qdrant server; name it in GATEHOUSE_TEST_QDRANT');
  });
  const open = () => STORES[kind]?.() ?? Promise.reject(new Error(kind));
  // A real server is shared by the tests and by their runs.
  const name = () => `test-${process.pid}-${Math.random().toString(36).slice(2)}`;

  test('the nearest come first, with their cosines, and no more than were asked for', async () => {
    const [vectors, collection] = [await open(), name()];
    await vectors.ensureCollection(collection, 2);
    await vectors.upsert(collection, [
      { id: 1, vector: [3, 0] },
      { id: 2, vector: [1, 1] },
      { id: 3, vector: [-2, 0] },
    ]);
    expect(await vectors.findNearest(collection, [5, 0], 2)).toEqual([
      { id: 1, score: expect.closeTo(1, 5) },
      { id: 2, score: expect.closeTo(Math.SQRT1_2, 5) },
    ]);
    expect((await vectors.findNearest(collection, [5, 0], 9)).at(-1)).toEqual({ id: 3, score: expect.closeTo(-1, 5) });
  });

  test('a point that is stored again is replaced, not doubled', async () => {
    const [vectors, collection] = [await open(), name()];
    await vectors.ensureCollection(collection, 2);
    await vectors.upsert(collection, [{ id: 7, vector: [1, 0] }]);
    await vectors.upsert(collection, [{ id: 7, vector: [0, 1] }]);
    expect(await vectors.count(collection)).toBe(1);
    expect(await vectors.findNearest(collection, [0, 1], 5)).toEqual([{ id: 7, score: expect.closeTo(1, 5) }]);
  });

  test('a collection that is there stays, also when two make it at once; another size is refused', async () => {
    const [vectors, collection] = [await open(), name()];
    await Promise.all([vectors.ensureCollection(collection, 2), vectors.ensureCollection(collection, 2)]);
    await vectors.upsert(collection, [{ id: 1, vector: [1, 0] }]);
    await vectors.ensureCollection(collection, 2);
    expect(await vectors.count(collection)).toBe(1);
    await expect(vectors.ensureCollection(collection, 3)).rejects.toThrow('has vectors of 2, not 3');
  });

  test('a collection that is not there, and a vector of another size, are refused', async () => {
    const [vectors, collection] = [await open(), name()];
    await expect(vectors.count(collection)).rejects.toThrow(collection);
    await vectors.ensureCollection(collection, 2);
    await expect(vectors.upsert(collection, [{ id: 1, vector: [1, 2, 3] }])).rejects.toThrow();
    await expect(vectors.findNearest(collection, [1], 1)).rejects.toThrow();
  });

  test('over a thousand vectors it finds what comparing them all by hand finds', async () => {
    const [vectors, collection] = [await open(), name()];
    const random = createRandom(5);
    const draw = () => Array.from({ length: 16 }, () => random() - 0.5);
    const points = Array.from({ length: 1_000 }, (_, id) => ({ id, vector: draw() }));
    await vectors.ensureCollection(collection, 16);
    for (let at = 0; at < points.length; at += 250) await vectors.upsert(collection, points.slice(at, at + 250));
    const wanted = draw();
    const cosine = (vector: readonly number[]) =>
      vector.reduce((sum, value, index) => sum + value * (wanted[index] ?? 0), 0) / Math.hypot(...vector);
    const byHand = points.toSorted((a, b) => cosine(b.vector) - cosine(a.vector)).slice(0, 10);
    expect((await vectors.findNearest(collection, wanted, 10)).map(({ id }) => id)).toEqual(byHand.map(({ id }) => id));
  });
});

test('a server that is not there rejects with the reason', async () => {
  const vectors = createVectorsInQdrant('http://127.0.0.1:1', dial);
  await expect(vectors.count('x')).rejects.toThrow('fetch failed');
});
