import { describe, expect, it } from 'vitest';
import { parseExplainAddress, parseExplainDraft, toExplainAddress, toExplainCommand } from './explainRequest.ts';

describe('parseExplainAddress', () => {
  it.each([
    ['GET /api/ai/search/query/', 'GET', '/api/ai/search/query/'],
    ['post /a?b=c d', 'POST', '/a?b=c d'],
    ['/only/a/path', 'GET', '/only/a/path'],
    ['http://host/path', 'GET', 'http://host/path'],
    ['', 'GET', ''],
  ])('%j', (text, method, url) => {
    expect(parseExplainAddress(text)).toEqual({ method, url, headers: '' });
  });

  it('is undone by toExplainAddress', () => {
    expect(toExplainAddress(parseExplainAddress('PUT /a?x=1'))).toBe('PUT /a?x=1');
    expect(toExplainAddress(parseExplainAddress(''))).toBe('');
  });
});

describe('parseExplainDraft', () => {
  it('reads headers a line each', () => {
    const { request } = parseExplainDraft({ method: 'GET', url: ' /a ', headers: 'host: shop\n\nX-Time: 10:30\n' });
    expect(request).toEqual({
      method: 'GET',
      url: '/a',
      headers: [
        ['host', 'shop'],
        ['X-Time', '10:30'],
      ],
    });
  });

  it.each([
    [{ method: 'GET', url: '', headers: '' }, /Enter a path/],
    [{ method: 'GET', url: '/a', headers: 'nonsense' }, /"nonsense" is no header/],
    [{ method: 'GET', url: '/a', headers: 'two words: x' }, /is no header/],
    [{ method: 'GE T', url: '/a', headers: '' }, /not an HTTP method/],
  ])('says what is wrong with %j', (draft, problem) => {
    expect(parseExplainDraft(draft).problem).toMatch(problem);
  });
});

describe('toExplainCommand', () => {
  it('quotes what a shell would act on', () => {
    const command = toExplainCommand({ method: 'GET', url: '/a?q=1&n=2', headers: [['x-a', "it's"]] });
    expect(command).toBe(`gatehouse explain GET '/a?q=1&n=2' -H 'x-a: it'\\''s'`);
    expect(toExplainCommand({ method: 'GET', url: '/a', headers: [] })).toBe('gatehouse explain GET /a');
  });
});
