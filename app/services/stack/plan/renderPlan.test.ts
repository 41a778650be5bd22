import { expect, test } from 'vitest';
import { simulate, toEmptyStack, toProject } from '../../test/simulatedStack.ts';
import { planSwitch } from './planSwitch.ts';
import { planUp } from './planUp.ts';
import { renderPlan } from './renderPlan.ts';

const once = (condition: string) => ({ condition, required: true }) as never;
const data = [{ type: 'volume' as const, source: 'data', target: '/data' }];
const shop = (given: object = {}) =>
  toProject(
    {
      db: { volumes: data, healthcheck: { test: ['CMD', 'x'], interval: '5s', timeout: '3s', retries: 3 } },
      api: {
        depends_on: { db: once('service_healthy') },
        ports: [{ target: 80, published: '8080', host_ip: '127.0.0.1' }],
        environment: { LEVEL: 'debug', API_TOKEN: 'abc' },
        ...given,
      },
    },
    { volumes: { data: { name: 'shop_data_dev' } } },
  );
const running = simulate(planUp(shop(), toEmptyStack(shop()), { mode: 'dev' }));

test('a plan reads like a diff', () => {
  const changed = shop({
    environment: { LEVEL: 'info', API_TOKEN: 'def' },
    ports: [{ target: 80, published: '9090' }],
    stop_grace_period: '3s',
  });
  expect(renderPlan(planUp(changed, running, { mode: 'dev' }).plan)).toBe(`shop: up (dev): 1 to make anew, 1 unchanged

  ~ container shop-api-1  recreate: 4 fields differ; after db healthy
      environment.API_TOKEN: differs (hidden)
      environment.LEVEL: debug → info
      ports.80/tcp: 127.0.0.1:8080 → 9090
      stop_grace_period: + 3s

ports
  + every address:9090 → api:80
  - 127.0.0.1:8080 → api:80

volumes
  = shop_data_dev, kept, size unknown, last written by dev, for db

downtime
  api: 0.5 to 3.5 s (stop up to 3 s, start)
`);
});

test('a switch says both modes, and what stops it stands last', () => {
  const prod = toProject({ db: { volumes: data } }, { volumes: { data: { name: 'shop_data_dev' } } });
  const volumes = {
    shop_data_dev: { ...running.volumes.shop_data_dev, sizeBytes: 1_234_567 },
  } as typeof running.volumes;
  const text = renderPlan(planSwitch({ ...running, volumes }, prod, { mode: 'prod' }).plan);
  expect(text).toBe(`shop: switch (dev → prod): 1 to make anew, 1 to remove, cannot be applied: 1 blocked

  - container shop-api-1  remove: no service of the files claims it
  ~ container shop-db-1   recreate: 4 fields differ
      healthcheck.interval: - 5s
      healthcheck.test: - ["CMD","x"]
      healthcheck.timeout: - 3s
      mode: dev → prod

ports
  - 127.0.0.1:8080 → api:80

volumes
  = shop_data_dev, kept, 1.23 MB, last written by dev, for db

downtime
  db: 0.5 to 10.5 s (stop up to 10 s, start)

x blocked: volume "shop_data_dev" would be used by "db" in mode "prod", and "dev" wrote it last.
    Give the volume another name in this mode's files, or carry the data over: --carry-data, and type "shop".
`);
});

test('where nothing is to do, one line says so', () => {
  expect(renderPlan(planUp(shop(), running, { mode: 'dev' }).plan)).toBe(
    'shop: up (dev): nothing to do, 2 unchanged\n',
  );
});
