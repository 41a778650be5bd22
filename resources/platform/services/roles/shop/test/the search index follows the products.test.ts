import { describe, expect, type TestContext, test } from 'vitest';
import { CATALOGUE } from '../../../data/catalogue.ts';
import type { Route, ServiceRequest } from '../../../kit/routes.ts';
import { createElasticIndex } from '../../../stores/searchIndexElastic.ts';
import { createTestDatabases, ENGINES, type Engine } from '../../../stores/test/testDatabases.ts';
import { startStandIn } from '../../../test/standInProcess.ts';
import { searchRoutes } from '../productSearch.ts';
import { indexProducts } from '../shopTasks.ts';
import { createSetting, sow } from './shopFixture.ts';

const databases = createTestDatabases();
const DELIVERY = { id: 'x', name: 'index-products', payload: { check: true }, trace: {}, attempt: 1 };
/** The client leaves an index that has failed alone for a second. */
const PAUSE_MS = 1_001;

async function openShop(engine: Engine, context: TestContext) {
  databases.needs(engine, context);
  const { first } = await databases.open(engine);
  await sow(first);
  const standIn = await startStandIn('elasticsearch');
  let nowMs = 0;
  const searchIndex = createElasticIndex({ url: new URL(standIn.url), log: () => {}, now: () => nowMs });
  const setting = { ...createSetting(first), searchIndex };
  const [route] = searchRoutes({ database: first, searchIndex, engine: 'elasticsearch' });
  return {
    ...{ first, standIn, setting },
    pass: () => {
      nowMs += PAUSE_MS;
    },
    search: (query: string) => ask(route, query),
  };
}

async function ask(route: Route | undefined, query: string) {
  const reply = await route?.handle({ query: new URLSearchParams(query) } as ServiceRequest);
  return reply?.body as {
    engine: string;
    degraded: boolean;
    count: number;
    results: { name: string; stock: number }[];
  };
}

describe.each(ENGINES)('%s', { timeout: 60_000 }, (engine) => {
  test('all of them at first, then what has changed', async (context) => {
    const { first, setting, search } = await openShop(engine, context);
    expect(await indexProducts(setting, DELIVERY)).toEqual({ indexed: CATALOGUE.length });
    expect(await indexProducts(setting, DELIVERY)).toEqual({ indexed: 0 });
    await first.query(`update products set name = 'golden zanzibarium', version = version + 1 where id = 1`);
    expect(await indexProducts(setting, { ...DELIVERY, payload: {} })).toEqual({ indexed: 1 });
    expect(await search('q=zanzbarium')).toMatchObject({
      ...{ engine: 'elasticsearch', degraded: false, count: 1, results: [{ name: 'golden zanzibarium' }] },
    });
  });

  test('while the index is away the database answers and says so, and an index that lost all gets all', async (context) => {
    const { first, standIn, setting, pass, search } = await openShop(engine, context);
    await indexProducts(setting, DELIVERY);
    await standIn.stop();
    const degraded = await search('q=red+kettle');
    expect(degraded).toMatchObject({ engine: first.engine, degraded: true });
    expect(degraded.results[0]).toMatchObject({ name: 'red kettle' });
    expect((await search('q=50%25_')).count, 'nothing in a query means anything to like').toBe(0);
    expect((await search('q=kettle&category=garden')).count).toBe(0);
    expect(await indexProducts(setting, DELIVERY)).toEqual({ skipped: 'the search index is away' });
    await standIn.restart();
    pass();
    expect(await search('q=red+kettle'), 'it is there, and has no index').toMatchObject({ degraded: true });
    pass();
    expect(await indexProducts(setting, DELIVERY)).toEqual({ indexed: CATALOGUE.length });
    const again = await search('q=red+kettle');
    expect(again.degraded).toBe(false);
    expect(again.results[0]).toMatchObject({ name: 'red kettle' });
  });
});
