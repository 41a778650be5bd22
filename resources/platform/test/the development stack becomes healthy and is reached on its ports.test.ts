import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readCompose } from './composeFiles.ts';
import { type Ask, type Asked, walkAsCustomer } from './customer.ts';
import { look, toAbsences } from './degradation.ts';
import { docker, getFrom, HAS_ENGINE, needEngine, readFrom, type Stack, startStack } from './engine.ts';
import { askNginx, makeBusy, openPanels, type Panels, toFigures } from './figures.ts';

let stack: Stack;
beforeAll(async () => {
  if (HAS_ENGINE) stack = await startStack('dev');
}, 240_000);
afterAll(async () => {
  // Not there when it did not become healthy; it was taken down then.
  if (HAS_ENGINE) await stack?.down();
}, 60_000);
beforeEach(needEngine);

test('every service runs and is healthy', async () => {
  const lines = (await stack.compose('ps', '--all', '--format', '{{.Service}} {{.State}} {{.Health}}')).split('\n');
  const names = Object.keys(readCompose('dev').services).sort();
  const expected = names.map((name) => (name === 'identity_keys' ? `${name} exited ` : `${name} running healthy`));
  expect(lines.map((line) => line.replace(/ $/, '')).sort()).toEqual(expected.map((line) => line.trimEnd()));
});

test.each([
  'http://127.0.0.1:8088/api/ai/recommender/user/123/',
  'http://127.0.0.1:8088/api/backend/api/products/',
  'http://127.0.0.1:8088/static/robots.txt',
  'http://127.0.0.1:8080/ai/search/query/?q=kettle',
  'http://127.0.0.1:8000/api/health/',
  'http://127.0.0.1:8007/health',
  'http://127.0.0.1:9090/-/healthy',
])('%s is answered', async (url) => {
  expect((await fetch(url)).status).toBe(200);
});

/** The edge admits 10 requests a second of one address, the gateway behind it 300. */
function askAt(origin: string): Ask {
  return async (path, { method = 'GET', token, body, headers = {} }: Asked = {}) => {
    const answer = await fetch(`${origin}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
  };
}

test('a customer signs up, looks around on both sides, orders once and is charged', async () => {
  await walkAsCustomer(askAt('http://127.0.0.1:8088'));
}, 60_000);

test('what comes past the gateway is served here, and counted', async () => {
  expect((await fetch('http://127.0.0.1:8003/calculate/?product_id=1')).status).toBe(200);
  const address = await stack.address('pricing', 'monitoring_network');
  const metrics = await readFrom(stack, 'pricing', `http://${address}:9464/metrics`);
  expect(metrics).toMatch(/gateway_signature_checks_total\{result="missed",service="pricing"\} [1-9]/);
});

test('the applications of other services are not reached over the monitoring network, their metrics are', async () => {
  const address = await stack.address('recommender', 'monitoring_network');
  expect(await getFrom(stack, 'backend', `http://${address}:8001/health`)).toBe('ECONNREFUSED');
  expect(await getFrom(stack, 'backend', `http://${address}:9464/metrics`)).toBe('200');
  expect(await getFrom(stack, 'backend', `http://${address}:9464/user/1/`)).toBe('404');
});

test('a service that was taken off its network and put back is reached again, at whichever address', async () => {
  const container = `${stack.project}-vision-1`;
  const network = `${stack.project}_ai_network`;
  const before = await stack.address('vision', 'ai_network');
  await docker('network', 'disconnect', network, container);
  // Somebody else takes the address in the meantime.
  const other = await docker('run', '--detach', '--rm', '--network', network, 'gatehouse-local/redis:trixie');
  try {
    await docker('network', 'connect', '--alias', 'vision', network, container);
    expect(await stack.address('vision', 'ai_network')).not.toBe(before);
    await expect
      .poll(() => getFrom(stack, 'search', 'http://vision:8007/health'), { timeout: 15_000, interval: 500 })
      .toBe('200');
  } finally {
    await docker('rm', '--force', '--volumes', other);
  }
}, 40_000);

test('Prometheus gets metrics from every target that it was told of', async () => {
  const read = async () => {
    const response = await fetch('http://127.0.0.1:9090/api/v1/targets?state=active');
    const { data } = (await response.json()) as { data: { activeTargets: { scrapeUrl: string; health: string }[] } };
    return data.activeTargets;
  };
  await expect
    .poll(async () => (await read()).filter(({ health }) => health !== 'up').map(({ scrapeUrl }) => scrapeUrl), {
      timeout: 20_000,
      interval: 500,
    })
    .toEqual([]);
  expect(await read()).toHaveLength(20);
}, 30_000);

test('the login is limited on its canonical path, whichever way it is spelled', async () => {
  const spellings = [
    '/api/auth/login/',
    '/api/backend/auth/login/',
    '/backend/auth/login/',
    '/api//backend/%61uth/login/',
  ];
  const answers: Response[] = [];
  for (let turn = 0; turn < 8; turn += 1) {
    for (const path of spellings) {
      answers.push(await fetch(`http://127.0.0.1:8088${path}`, { method: 'POST', body: '{}' }));
    }
  }
  // 5 a second and a burst of 10: of 32 within a second or two most are refused.
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(10);
  expect(refused[0]?.headers.get('content-type')).toBe('application/problem+json');
  expect(await refused[0]?.json()).toMatchObject({ status: 429, code: 'edge-rate-limited' });
  // Other paths have a bucket of their own.
  expect((await fetch('http://127.0.0.1:8088/api/ai/search/query/?q=kettle')).status).toBe(200);
});

describe('what degrades is what the table in docs/platform.md says, and comes back by itself', () => {
  const ask = askAt('http://127.0.0.1:8080');

  // A token lasts for five minutes, which is less than all of these take.
  let token: string;
  beforeEach(async () => {
    const answered = await ask('/api/auth/login/', { method: 'POST', body: { username: 'demo', password: 'demo' } });
    ({ token } = JSON.parse(answered.body));
  });

  test.each(toAbsences(ask, () => token))(
    '$service',
    async (absence) => {
      const container = `${stack.project}-${absence.service}-1`;
      const patient = { timeout: 30_000, interval: 300 };
      await docker('kill', container);
      try {
        await expect.poll(() => look(absence), patient).toEqual(absence.whileAway);
      } finally {
        await docker('start', container);
      }
      await expect.poll(() => look(absence), { ...patient, timeout: 60_000 }).toEqual(absence.after);
    },
    120_000,
  );
});

// The last ones: while the pool is held by others, some of the platform waits.
describe('figures of the panels are what each store says itself', () => {
  /** A scrape every 5 s, of Postgres every 15 s, and as much again to be asked for. */
  const withinOneScrape = { timeout: 40_000, interval: 500 };
  let panels: Panels;
  let rest: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    if (!HAS_ENGINE) return;
    panels = openPanels();
    rest = await makeBusy();
  }, 30_000);
  afterAll(async () => {
    await rest?.();
    await panels?.close();
  }, 30_000);

  test('there is something to tell: clients wait, and messages lie in a queue', async () => {
    const read = async () => [
      await panels.read('pgbouncer-waiting'),
      (await panels.read('rabbitmq-queues'))['figures · ready'],
    ];
    await expect.poll(read, withinOneScrape).toEqual([{ 'stores_exporter:9464 · shop': expect.any(Number) }, 7]);
    expect(Object.values(await panels.read('pgbouncer-waiting'))[0]).toBeGreaterThan(0);
  });

  // Named here, since the stack is there only while tests run.
  test.each([
    'PgBouncer: clients that wait',
    'postgres: connections',
    'postgres_ai: connections',
    'RabbitMQ: messages by queue',
    'Workers: tasks that wait',
    'Redis: memory',
    'Redis: its limit, and keys that were evicted',
    'Elasticsearch: state of the cluster',
    'Qdrant: collections',
  ])('%s', async (name) => {
    const figure = toFigures(stack, panels).find((one) => one.name === name);
    if (!figure) throw new Error(`there is no figure ${name}`);
    const { shown, own, apart = () => 0 } = figure;
    const compare = async () => {
      const [theirs, ours] = [await own(), await shown()];
      const isNear = (value: number, other = Number.NaN) => Math.abs(value - other) <= apart(value);
      const isSame = Object.entries(theirs).every(([key, value]) => isNear(value, ours[key]));
      return isSame && Object.keys(theirs).length === Object.keys(ours).length ? 'the same' : { theirs, ours };
    };
    await expect.poll(compare, withinOneScrape).toBe('the same');
  });

  test('a store that says nothing of itself has a panel that says why', async () => {
    const isEmpty = Object.keys(await panels.read('qdrant-collections')).length === 0;
    const why = await panels.reason('qdrant-collections');
    if (isEmpty) expect(why).toMatch(/^Prometheus has none of collections_total/);
    else expect(why).toBeNull();
  });

  test('requests of nginx: between what its own page said before and says after', async () => {
    const before = await askNginx(stack);
    const asked = Date.now();
    const look = async () => ((await panels.sample('nginx_http_requests_total'))?.at ?? 0) > asked;
    await expect.poll(look, withinOneScrape).toBe(true);
    const { value = Number.NaN } = (await panels.sample('nginx_http_requests_total')) ?? {};
    expect(value).toBeGreaterThanOrEqual(before);
    expect(value).toBeLessThanOrEqual(await askNginx(stack));
  });
});
