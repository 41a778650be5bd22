import { describe, expect, it } from 'vitest';
import { sampleExchange } from '../../../app/contract/exchangeSample.ts';
import { toSeenValues, toSuggestions } from './filterSuggestions.ts';

const seen = toSeenValues([
  sampleExchange({ route: 'ai-search', upstream: 'search', code: 'breaker-open', status: 503 }),
  sampleExchange({ route: 'auth', upstream: 'backend', method: 'POST' }),
  sampleExchange({ route: 'auth', upstream: 'backend', method: 'TWO WORDS' }),
]);

describe('toSuggestions', () => {
  it.each([
    ['st', ['status:']],
    ['m', ['ms>', 'method:']],
    ['!ro', ['!route:']],
    ['route:', ['route:ai-search', 'route:auth']],
    ['route:ai', ['route:ai-search']],
    ['!route:sea', ['!route:ai-search']],
    ['route:auth', []],
    ['method:', ['method:GET', 'method:POST']],
    ['code:', ['code:breaker-open']],
    ['status:50', ['status:503', 'status:504', 'status:502']],
    ['ms>5', ['ms>500', 'ms>5000']],
    ['demo:', ['demo:yes', 'demo:no']],
    ['"sta', []],
    ['/api', []],
  ])('%s', (draft, words) => {
    expect(toSuggestions(draft, seen).map(({ word }) => word)).toEqual(words);
  });

  it('offers fields first when nothing is typed yet', () => {
    expect(toSuggestions('', seen)[0]).toEqual({ word: 'status:', hint: '5xx, 404, 429, aborted', complete: false });
  });
});
