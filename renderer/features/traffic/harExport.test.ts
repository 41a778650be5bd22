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

  it('survives a host and a path that are not valid', () => {
    const { log } = toHar([sampleExchange({ host: 'a b', path: '//[', status: null })], '1.0.0');
    expect(log.entries[0]).toMatchObject({ request: { url: 'http://localhost//[' }, response: { status: 0 } });
  });
});
