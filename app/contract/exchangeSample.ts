// One exchange for tests; each names only what it is about.
import type { Exchange } from './shapes/gateway.ts';

let count = 0;

export function sampleExchange(parts: Partial<Exchange> = {}): Exchange {
  count += 1;
  return {
    id: `request-${count}`,
    sequence: count,
    gateway: 'api_gateway-1',
    at: 1_780_000_000_000 + count,
    method: 'GET',
    host: 'localhost:8080',
    path: '/api/ai/search/query/?q=lamp',
    route: 'ai-search',
    upstream: 'search',
    status: 200,
    code: null,
    note: null,
    durationMs: 12.4,
    upstreamMs: 11,
    requestBytes: 0,
    responseBytes: 512,
    client: '10.0.3.7',
    protocol: 'http',
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    breaker: 'closed',
    demo: false,
    ...parts,
  };
}
