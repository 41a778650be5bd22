import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CATALOGUE } from '../../data/catalogue.ts';
import type { SearchIndex, VersionedProduct } from '../searchIndex.ts';
import { createElasticIndex } from '../searchIndexElastic.ts';
import { createInProcessIndex } from '../searchIndexInProcess.ts';
import { StoreAway } from '../storeState.ts';

const STAND_IN = join(
  dirname(fileURLToPath(import.meta.url)),
  '../../../../../.ci/engine/images/stand-in/stand-in.mjs',
);

interface StandIn {
  port: number;
  child: ChildProcess;
}

/** Elasticsearch itself runs nowhere here; its stand-in has the same paths, and says that it is one. */
async function startStandIn(port = 0): Promise<StandIn> {
  const child = spawn(process.execPath, [STAND_IN], {
    env: { STAND_IN: 'elasticsearch', STAND_IN_LISTEN: `127.0.0.1:${port}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  return { child, port: (JSON.parse(String(line).split('\n')[0] ?? '') as { port: number }).port };
}

async function stop({ child }: StandIn): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

const open = (port: number) => createElasticIndex({ url: new URL(`http://127.0.0.1:${port}`), log: () => {} });
const KINDS = {
  'in this process': async () => createInProcessIndex(),
  'the stand-in for Elasticsearch': async () => open((await startStandIn()).port),
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
    await index.put([{ product: { ...product, name: 'newest wonder' }, version: 3 }]);
    await index.put([{ product: { ...product, name: 'older wonder' }, version: 2 }]);
    expect(await find(index, 'wonder')).toEqual(['newest wonder']);
    await index.put([{ product: { ...product, name: 'corrected wonder' }, version: 3 }]);
    expect(await find(index, 'wonder')).toEqual(['corrected wonder']);
  });
});

describe('Elasticsearch', () => {
  test('is away before it is prepared, and does not become an index of guesses', async () => {
    const index = open((await startStandIn()).port);
    await expect(index.put(ALL.slice(0, 1))).rejects.toBeInstanceOf(StoreAway);
    expect(index.isAway).toBe(true);
  });

  test('is away when it is gone, and back by itself, empty', async () => {
    let now = 0;
    const standIn = await startStandIn();
    const index = createElasticIndex({
      url: new URL(`http://127.0.0.1:${standIn.port}`),
      log: () => {},
      now: () => now,
    });
    await index.prepare();
    await index.put(ALL);
    await stop(standIn);
    await expect(find(index, 'red kettle')).rejects.toBeInstanceOf(StoreAway);
    // It is not asked again for a moment, whatever comes.
    await startStandIn(standIn.port);
    await expect(index.probe()).rejects.toThrow('it did not answer a moment ago');
    now += 1_001;
    expect(await index.prepare()).toBe(0);
    expect(index.isAway).toBe(false);
  });
});
