// The shop's REST API: products, search, carts, orders, sign-in and administration, over the stores of its environment.
import type { Program } from '../kit/program.ts';
import { ok, type Route, refuse, type Service } from '../kit/routes.ts';
import { createAccessTokens } from './shop/accessTokens.ts';
import { ensureAccounts } from './shop/accounts.ts';
import { adminRoutes } from './shop/adminRoutes.ts';
import { authRoutes } from './shop/authRoutes.ts';
import { type Background, createWorkReport, startBackground } from './shop/background.ts';
import { cartRoutes } from './shop/carts.ts';
import { orderRoutes } from './shop/orderRoutes.ts';
import { createPasswords } from './shop/passwords.ts';
import { type Preparation, startPreparation } from './shop/prepare.ts';
import { searchRoutes } from './shop/productSearch.ts';
import { productRoutes } from './shop/products.ts';
import { withRefusals } from './shop/refusal.ts';
import { createShopMetrics } from './shop/shopMetrics.ts';
import { openStores, type Stores } from './shop/stores.ts';

export async function createBackend(program: Program): Promise<Service> {
  const { log, environment } = program;
  const metrics = createShopMetrics(program.metrics.registry);
  const tokens = createAccessTokens(environment);
  const passwords = createPasswords();
  const stores = await openStores(program, {
    countCache: metrics.countCache,
    reportWork: createWorkReport(log, metrics.countTask),
  });
  metrics.watch(stores);
  const { database, cache, searchIndex, searchEngine: engine, isQueueHere } = stores;
  let background: Background | undefined;
  const preparation = startPreparation({
    ...{ database, log },
    also: () => ensureAccounts({ database, passwords, environment, log }),
    onDone() {
      // Where no broker runs, no other process could work off what is sent here.
      background = startBackground(stores, { log, works: isQueueHere, beats: isQueueHere });
    },
  });
  await preparation.wait();

  const onPlaced = () => background?.kick();
  const routes = [
    ...productRoutes({ database, cache }),
    ...searchRoutes({ database, searchIndex, engine }),
    ...cartRoutes(database),
    ...orderRoutes({ database, cache, onPlaced, countOrder: metrics.countOrder }),
    ...authRoutes({ database, passwords, tokens }),
    ...adminRoutes(stores),
  ];
  const health = createHealth(stores, preparation);
  return {
    name: 'backend',
    port: 8000,
    healthPath: health.path,
    routes: [health, ...withRefusals(routes.map((route) => onceReady(route, preparation)))],
    describe: { ...stores.describe, tokens: tokens.described },
    async close() {
      preparation.cancel();
      await background?.close();
      await stores.close();
    },
  };
}

/** Live while a store is away: most of the shop then works on. Not before the database was ready for the first time. */
function createHealth(stores: Stores, preparation: Preparation): Route {
  return {
    method: 'GET',
    path: '/api/health/',
    handle: () =>
      preparation.isDone
        ? ok({ status: 'ok', service: 'backend', degraded: stores.degraded() })
        : refuse(503, 'starting', 'the database is being made ready'),
  };
}

function onceReady(route: Route, preparation: Preparation): Route {
  // What the gateway asks for when it starts needs no database.
  if (route.isOpen) return route;
  return {
    ...route,
    handle: (request) =>
      preparation.isDone ? route.handle(request) : refuse(503, 'starting', 'the database is being made ready'),
  };
}
