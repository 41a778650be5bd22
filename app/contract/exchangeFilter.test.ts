import { describe, expect, it } from 'vitest';
import { parseExchangeFilter } from './exchangeFilter.ts';
import { sampleExchange } from './exchangeSample.ts';

const refused = sampleExchange({ status: 503, code: 'breaker-open', durationMs: 0.4, breaker: 'open' });
const slow = sampleExchange({ status: 200, durationMs: 742, method: 'POST', route: 'ai-chatbot', upstream: 'chatbot' });
const gone = sampleExchange({ status: null, client: '10.0.9.1', note: 'client went away' });
const missing = sampleExchange({ status: 404, path: '/api/ai/search/nothing', host: 'api.example.com', demo: true });
const all = { refused, slow, gone, missing };

const cases: [filter: string, passing: (keyof typeof all)[]][] = [
  ['', ['refused', 'slow', 'gone', 'missing']],
  ['status:5xx', ['refused']],
  ['status:503', ['refused']],
  ['status:404', ['missing']],
  ['status:aborted', ['gone']],
  ['!status:aborted !status:5xx', ['slow', 'missing']],
  ['route:ai-chatbot', ['slow']],
  ['route:CHAT', ['slow']],
  ['method:post', ['slow']],
  ['ms>500', ['slow']],
  ['ms>=742', ['slow']],
  ['ms<0.5', ['refused']],
  ['ms<=12.4', ['refused', 'gone', 'missing']],
  ['upstream:search status:5xx', ['refused']],
  ['code:breaker-open', ['refused']],
  ['breaker:open', ['refused']],
  ['client:10.0.9', ['gone']],
  ['demo:yes', ['missing']],
  ['demo:no', ['refused', 'slow', 'gone']],
  ['nothing', ['missing']],
  ['ms>741.9', ['slow']],
  ['ms>742', []],
  ['ms<0.4', []],
  ['path:q=lamp !status:aborted', ['refused', 'slow']],
  ['upstream:search ms>=12.4', ['gone', 'missing']],
  ['trace:4bf92f host:EXAMPLE gateway:gateway-1 status:404', ['missing']],
  ['route:pricing', []],
  ['"went away"', ['gone']],
  ['!chatbot', ['refused', 'gone', 'missing']],
  // What is not valid is shown as such and does not count.
  ['status:5yy', ['refused', 'slow', 'gone', 'missing']],
  ['colour:red status:404', ['missing']],
];

describe('parseExchangeFilter', () => {
  it.each(cases)('%j', (filter, passing) => {
    const { matches } = parseExchangeFilter(filter);
    const found = Object.entries(all).filter(([, exchange]) => matches(exchange));
    expect(found.map(([name]) => name)).toEqual(passing);
  });

  it.each([
    ['status:5yy', /5xx/],
    ['ms>', /number/],
    ['ms>fast', /number/],
    ['route:', /no value/],
    ['demo:maybe', /yes or no/],
    ['colour:red', /no field colour/],
    ['constructor:x', /no field constructor/],
  ])('says why %s does not count', (filter, problem) => {
    const { tokens, isEmpty } = parseExchangeFilter(filter);
    expect(tokens).toMatchObject([{ kind: 'invalid', problem: expect.stringMatching(problem) }]);
    expect(isEmpty).toBe(true);
  });

  it('does not take quoted text for a field', () => {
    expect(parseExchangeFilter('"status:5xx"').tokens[0]?.kind).toBe('text');
  });
});
