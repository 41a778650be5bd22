// Exchanges as an HTTP archive (HAR 1.2), for browsers' network panels. Pure. Rows have no headers and no bodies: those
// arrays are empty, as the format allows.
import type { Exchange } from '../../../app/contract/index.ts';

export function toHar(exchanges: Iterable<Exchange>, version: string) {
  return {
    log: {
      version: '1.2',
      creator: { name: 'Gatehouse', version },
      entries: [...exchanges].map(toEntry),
    },
  };
}

function toEntry(exchange: Exchange) {
  const url = toUrl(exchange);
  const wait = exchange.upstreamMs ?? exchange.durationMs;
  return {
    startedDateTime: new Date(exchange.at).toISOString(),
    time: exchange.durationMs,
    request: {
      method: exchange.method,
      url: url.href,
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: [],
      queryString: [...url.searchParams].map(([name, value]) => ({ name, value })),
      headersSize: -1,
      bodySize: exchange.requestBytes,
    },
    response: {
      // 0 is what browsers write for an answer that never came.
      status: exchange.status ?? 0,
      statusText: exchange.code ?? '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: [],
      content: { size: exchange.responseBytes, mimeType: 'x-unknown' },
      redirectURL: '',
      headersSize: -1,
      bodySize: exchange.responseBytes,
    },
    cache: {},
    timings: { send: 0, wait, receive: Math.max(0, exchange.durationMs - wait) },
    comment: [exchange.route, exchange.note, `trace ${exchange.traceId}`].filter(Boolean).join(' · '),
  };
}

/** Put together as text: resolved against a base, a path like `//other` would become a host. */
function toUrl({ host, path }: Exchange): URL {
  return URL.parse(`http://${host}${path}`) ?? URL.parse(`http://localhost${path}`) ?? new URL('http://localhost/');
}
