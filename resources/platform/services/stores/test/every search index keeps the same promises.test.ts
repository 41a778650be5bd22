import { describe, expect, test } from 'vitest';
import { CATALOGUE } from '../../data/catalogue.ts';
import { startStandIn } from '../../test/standInProcess.ts';
import type { SearchIndex, VersionedProduct } from '../searchIndex.ts';
import { createElasticIndex } from '../searchIndexElastic.ts';
import { createInProcessIndex } from '../searchIndexInProcess.ts';
import { StoreAway } from '../storeState.ts';

/** Elasticsearch itself runs nowhere here; its stand-in has the same paths, and says that it is one. */
const open = (url: string) => createElasticIndex({ url: new URL(url), log: () => {} });
const KINDS = {
  'in this process': async () => createInProcessIndex(),
  'the stand-in for Elasticsearch': async () => open((await startStandIn('elasticsearch')).url),
};

const ALL: VersionedProduct[] = CATALOGUE.map((product) => ({ product, version: 1 }));
const find = async (index: SearchIndex, text: string, category?: string) =>
  (await index.search({ text, category, limit: 10 })).hits.map(({ name }) => name);

describe.each(Object.entries(KINDS))('%s', (_, start) => {
  async function startFilled(): Promise<SearchIndex> {
    const index = await start();
    await index.prepare();
    await index.put(ALL);
    return index;
  }

  test('holds what was put into it', async () => {
    const index = await start();
    expect(await index.prepare()).toBe(0);
    await index.put(ALL);
    expect(await index.prepare()).toBe(ALL.length);
  });

  test.each([
    ['red kettle', 'red kettle'],
    ['kettle red', 'red kettle'],
    ['red ketle', 'red kettle'],
    ['profesional hedphones', 'professional headphones'],
  ])('finds for %j first of all %j', async (text, name) => {
    expect((await find(await startFilled(), text))[0]).toBe(name);
  });

  test.each(['zzzzzz', 'xq'])('finds nothing for %j', async (text) => {
    expect(await find(await startFilled(), text)).toEqual([]);
  });

  test('keeps to a category, and counts more than it shows', async () => {
    const index = await startFilled();
    const { count, hits } = await index.search({ text: 'red', category: 'kitchen', limit: 2 });
    expect(hits.map(({ category }) => category)).toEqual(['kitchen', 'kitchen']);
    expect(count).toBeGreaterThan(2);
    expect(await find(index, 'kettle', 'garden')).not.toContain('red kettle');
  });

  test('keeps the newer of two versions, whichever is written last', async () => {
    const index = await startFilled();
    const [{ product } = ALL[0] as never] = ALL;
    await index.put([{ product: { ...product, name: 'newest zanzibarium' }, version: 3 }]);
    await index.put([{ product: { ...product, name: 'older zanzibarium' }, version: 2 }]);
    expect(await find(index, 'zanzibarium')).toEqual(['newest zanzibarium']);
    await index.put([{ product: { ...product, name: 'corrected zanzibarium' }, version: 3 }]);
    expect(await find(index, 'zanzibarium')).toEqual(['corrected zanzibarium']);
  });
});

describe('Elasticsearch', () => {
  test('is away before it is prepared, and does not become an index of guesses', async () => {
    const index = open((await startStandIn('elasticsearch')).url);
    await expect(index.put(ALL.slice(0, 1))).rejects.toBeInstanceOf(StoreAway);
    expect(index.isAway).toBe(true);
  });

  test('is away when it is gone, and back by itself, empty', async () => {
    let now = 0;
    const standIn = await startStandIn('elasticsearch');
    const index = createElasticIndex({
      url: new URL(standIn.url),
      log: () => {},
      now: () => now,
    });
    await index.prepare();
    await index.put(ALL);
    await standIn.stop();
    await expect(find(index, 'red kettle')).rejects.toBeInstanceOf(StoreAway);
    // It is not asked again for a moment, whatever comes.
    await standIn.restart();
    await expect(index.probe()).rejects.toThrow('it did not answer a moment ago');
    now += 1_001;
    expect(await index.prepare()).toBe(0);
    expect(index.isAway).toBe(false);
  });
});
