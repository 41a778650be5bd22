import type { ExplainRequest } from '../stages/explain.ts';

type ExplainInput =
  | { readonly ok: true; readonly value: ExplainRequest }
  | { readonly ok: false; readonly detail: string };

const METHOD = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/;
const URL_LIMIT = 8192;
const HEADER_LIMIT = 200;

/** `{method?, url, headers?: [[name, value]…]}`; the method is GET when it is left out. */
export function parseExplainInput(text: string): ExplainInput {
  const value = parseObject(text);
  if (!value) return refuse('the body is not a JSON object of at most 256 KiB');
  const { method = 'GET', url, headers = [] } = value;
  if (typeof method !== 'string' || !METHOD.test(method)) return refuse('"method" is not an HTTP method');
  if (typeof url !== 'string' || url.length === 0 || url.length > URL_LIMIT)
    return refuse(`"url" is not a URL or path of 1 to ${URL_LIMIT} characters`);
  if (!Array.isArray(headers) || headers.length > HEADER_LIMIT || !headers.every(isPair))
    return refuse(`"headers" is not a list of at most ${HEADER_LIMIT} pairs [name, value]`);
  return { ok: true, value: { method, url, headers } };
}

function refuse(detail: string): ExplainInput {
  return { ok: false, detail };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isPair(value: unknown): value is [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string');
}
