import { describe, expect, it } from 'vitest';
import { sampleExchange } from '../../../app/contract/exchangeSample.ts';
import { toHar } from './harExport.ts';

describe('toHar', () => {
  it('writes one entry an exchange, with its query and timings', () => {
    const { log } = toHar([sampleExchange({ path: '/a?q=lamp', durationMs: 30, upstreamMs: 20 })], '1.0.0');
    expect(log.entries).toMatchObject([
      {
        time: 30,
        request: { url: 'http://localhost:8080/a?q=lamp', queryString: [{ name: 'q', value: 'lamp' }] },
        timings: { send: 0, wait: 20, receive: 10 },
      },
    ]);
  });

  it('writes what was kept of one exchange, and names what was redacted or cut', () => {
    const kept = {
      ...sampleExchange({ path: '/a' }),
      canonicalPath: '/a',
      forwardedPath: '/a',
      subject: null,
      target: null,
      stages: [],
      requestHeaders: [['Authorization', '[redacted]']] as [string, string][],
      responseHeaders: [['Location', '/b']] as [string, string][],
      requestBody: { contentType: 'text/plain', text: 'beg', isCut: true },
      responseBody: null,
    };
    expect(toHar([kept], '1.0.0').log.entries[0]).toMatchObject({
      request: {
        headers: [{ name: 'Authorization' }],
        postData: { text: 'beg', comment: 'only its beginning was kept' },
      },
      response: { redirectURL: '/b' },
      comment: expect.stringContaining('redacted at the gateway: authorization'),
    });
  });

  it('survives a host and a path that are not valid', () => {
    const { log } = toHar([sampleExchange({ host: 'a b', path: '//[', status: null })], '1.0.0');
    expect(log.entries[0]).toMatchObject({ request: { url: 'http://localhost//[' }, response: { status: 0 } });
  });
});
