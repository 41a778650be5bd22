import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { explain } from './explain.ts';

const config = loadConfig(readFileSync(new URL('../../resources/platform/gateway.yaml', import.meta.url), 'utf8'));
const ask = (url: string, method = 'GET', headers: [string, string][] = []) =>
  explain(config, { method, url, headers });

/** PLATFORM.md's routing tables, row by row, and the spellings that end at the login. */
const table: [url: string, route: string, path: string, upstream: string][] = [
  ['/backend/api/products/', 'backend', '/api/products/', 'backend:8000'],
  ['/api/backend/api/products/?page=2', 'backend', '/api/products/?page=2', 'backend:8000'],
  ['/api/auth/login', 'auth', '/auth/login', 'backend:8000'],
  ['/backend/auth/login', 'auth', '/auth/login', 'backend:8000'],
  ['/api/backend/auth/login', 'auth', '/auth/login', 'backend:8000'],
  ['/api//backend///auth/login', 'auth', '/auth/login', 'backend:8000'],
  ['/api/backend/%61uth/login', 'auth', '/auth/login', 'backend:8000'],
  ['/backend/authors', 'backend', '/authors', 'backend:8000'],
  ['/ai/recommender/product/1/', 'ai-recommender-shelf', '/product/1/', 'recommender:8001'],
  ['/ai/recommender/user/123/', 'ai-recommender', '/user/123/', 'recommender:8001'],
  ['https://api.yourdomain.com/api/ai/recommender/user/123/', 'ai-recommender', '/user/123/', 'recommender:8001'],
  ['/ai/search/query/', 'ai-search', '/query/', 'search:8002'],
  ['/api/ai/search/query/', 'ai-search', '/query/', 'search:8002'],
  ['/ai/search', 'ai-search', '/', 'search:8002'],
  ['/ai/pricing/calculate/', 'ai-pricing', '/calculate/', 'pricing:8003'],
  ['/ai/chatbot/x', 'ai-chatbot', '/x', 'chatbot:8004'],
  ['/api/ai/vision/x#fragment', 'ai-vision', '/x', 'vision:8007'],
];

/** Those that only a known caller gets. */
const guarded: typeof table = [
  ['/backend/api/orders/', 'orders', '/api/orders/', 'backend:8000'],
  ['/api//backend/api/orders', 'orders', '/api/orders', 'backend:8000'],
  ['/backend/api/cart/', 'cart', '/api/cart/', 'backend:8000'],
  ['/backend/admin/', 'admin', '/admin/', 'backend:8000'],
  ['/api/auth/me/', 'auth', '/auth/me/', 'backend:8000'],
  ['/ai/fraud/x', 'ai-fraud', '/x', 'fraud:8005'],
  ['/ai/forecasting/x', 'ai-forecasting', '/x', 'forecasting:8006'],
];

describe('explain', () => {
  test.each(table)('%s goes by %s', async (url, route, rewrittenPath, upstream) => {
    expect(await ask(url)).toMatchObject({ route, rewrittenPath, upstream, answer: null });
  });

  test.each(guarded)('%s goes by %s, with a token', async (url, route, rewrittenPath) => {
    expect(await ask(url)).toMatchObject({ route, rewrittenPath, answer: { status: 401, code: 'token-missing' } });
  });

  test('names every stage in order, with a sentence', async () => {
    const { stages } = await ask('/api/ai/search/query/');
    expect(stages.map(({ stage, outcome }) => `${stage} ${outcome}`)).toEqual([
      'normalise pass',
      'route pass',
      'size-limits pass',
      'ip-limit skip',
      'authenticate skip',
      'authorise skip',
      'user-limit skip',
      'validate skip',
      'breaker skip',
      'forward pass',
      'respond pass',
    ]);
    for (const { sentence } of stages) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });

  test('says of each route why it was or was not taken', async () => {
    const { tried } = await ask('/ai/search/x');
    expect(tried.find(({ route }) => route === 'backend')).toMatchObject({
      result: 'noMatch',
      reason: '/ai/search/x is not under /backend or /api/backend',
    });
    expect(tried.filter(({ result }) => result === 'matched')).toHaveLength(1);
    expect(tried.at(-1)).toMatchObject({ route: 'ai-vision', result: 'notTried' });
  });

  test.each<[url: string, method: string, headers: [string, string][], status: number, code: string]>([
    ['/nothing', 'GET', [], 404, 'no-route'],
    ['/ai/searches', 'GET', [], 404, 'no-route'],
    ['/ai/search/../fraud', 'GET', [], 400, 'bad-path'],
    ['/ai/search/%2e%2e/fraud', 'GET', [], 400, 'bad-path'],
    ['/ai/search', 'TRACE', [], 405, 'method-not-allowed'],
    ['/ai/search', 'POST', [['content-length', '99999999']], 413, 'body-too-large'],
    ['/ai/search', 'GET', [['host', 'a b']], 400, 'bad-request'],
    ['/ai/search', 'GET', Array.from({ length: 201 }, (): [string, string] => ['x', 'y']), 431, 'headers-too-large'],
    ['*', 'OPTIONS', [], 204, 'own-answer'],
    ['/health', 'GET', [], 200, 'own-path'],
  ])('%s with %s and %j would be answered %i %s', async (url, method, headers, status, code) => {
    const explanation = await ask(url, method, headers);
    expect(explanation.answer).toMatchObject({ status, code });
    expect(explanation.stages).toHaveLength(11);
    expect(explanation.stages.filter(({ outcome }) => outcome === 'stop')).toHaveLength(1);
  });

  test('asks the breaker of a running gateway, and says what it says', async () => {
    const refusal = { admitted: false, state: 'open', retryAfterSeconds: 7 } as const;
    const explanation = await explain(
      config,
      { method: 'GET', url: '/ai/search/x', headers: [] },
      { askBreaker: () => refusal },
    );
    expect(explanation.answer).toEqual({
      status: 503,
      code: 'breaker-open',
      detail: 'The breaker of search is open; try again in 7 s.',
    });
    expect(explanation).toMatchObject({ route: 'ai-search', rewrittenPath: '/x' });
  });
});
