// Exchanges as an HTTP archive (HAR 1.2), for browsers' network panels. Pure. Rows have no headers and no bodies: those
// arrays are empty then, as the format allows; of a detail they are what was kept, and what was redacted is named.
import type { Exchange, ExchangeDetail } from '../../../app/contract/index.ts';
import { isRedacted } from './headerText.ts';

export function toHar(exchanges: Iterable<Exchange | ExchangeDetail>, version: string) {
  return {
    log: {
      version: '1.2',
      creator: { name: 'Gatehouse', version },
      entries: [...exchanges].map(toEntry),
    },
  };
}

function toEntry(exchange: Exchange | ExchangeDetail) {
  const url = toUrl(exchange);
  const wait = exchange.upstreamMs ?? exchange.durationMs;
  const detail = 'requestHeaders' in exchange ? exchange : null;
  return {
    startedDateTime: new Date(exchange.at).toISOString(),
    time: exchange.durationMs,
    request: {
      method: exchange.method,
      url: url.href,
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: toFields(detail?.requestHeaders),
      queryString: [...url.searchParams].map(([name, value]) => ({ name, value })),
      ...toPostData(detail?.requestBody),
      headersSize: -1,
      bodySize: exchange.requestBytes,
    },
    response: {
      // 0 is what browsers write for an answer that never came.
      status: exchange.status ?? 0,
      statusText: exchange.code ?? '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: toFields(detail?.responseHeaders),
      content: toContent(exchange, detail?.responseBody),
      redirectURL: findField(detail?.responseHeaders, 'location'),
      headersSize: -1,
      bodySize: exchange.responseBytes,
    },
    cache: {},
    timings: { send: 0, wait, receive: Math.max(0, exchange.durationMs - wait) },
    comment: toComment(exchange, detail),
  };
}

function toFields(headers: ExchangeDetail['requestHeaders'] = []) {
  return headers.map(([name, value]) => ({ name, value }));
}

function findField(headers: ExchangeDetail['responseHeaders'] = [], lowerName: string): string {
  return headers.find(([name]) => name.toLowerCase() === lowerName)?.[1] ?? '';
}

function toPostData(body: ExchangeDetail['requestBody'] = null) {
  return body ? { postData: { mimeType: body.contentType, params: [], text: body.text, ...toCut(body.isCut) } } : {};
}

function toContent({ responseBytes }: Exchange, body: ExchangeDetail['responseBody'] = null) {
  if (!body) return { size: responseBytes, mimeType: 'x-unknown' };
  return { size: responseBytes, mimeType: body.contentType, text: body.text, ...toCut(body.isCut) };
}

function toCut(isCut: boolean) {
  return isCut ? { comment: 'only its beginning was kept' } : {};
}

/** Whoever gets the file has to know what it does not hold. */
function toComment(exchange: Exchange, detail: ExchangeDetail | null): string {
  const fields = [...(detail?.requestHeaders ?? []), ...(detail?.responseHeaders ?? [])];
  const redacted = [...new Set(fields.filter(([, value]) => isRedacted(value)).map(([name]) => name.toLowerCase()))];
  return [
    exchange.route,
    exchange.note,
    `trace ${exchange.traceId}`,
    exchange.replayOf ? `replay of ${exchange.replayOf}` : null,
    detail ? null : 'headers and bodies are not part of a list',
    redacted.length > 0 ? `redacted at the gateway: ${redacted.join(', ')}` : null,
  ]
    .filter(Boolean)
    .join(' · ');
}

/** Put together as text: resolved against a base, a path like `//other` would become a host. */
function toUrl({ host, path }: Exchange): URL {
  return URL.parse(`http://${host}${path}`) ?? URL.parse(`http://localhost${path}`) ?? new URL('http://localhost/');
}
