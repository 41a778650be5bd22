// The header fields that a client gets of an upstream's answer. An upstream is not trusted to write valid ones.
import type { HeaderList } from './headerList.ts';
import { withoutHopByHop } from './hopByHop.ts';

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Drops hop-by-hop fields and those that Node would refuse to write (a throw in mid-answer); adds the request id and `added`. */
export function toClientHeaders(headers: HeaderList, requestId: string, added: HeaderList = []): [string, string][] {
  const kept = withoutHopByHop(headers).filter(
    ([name, value]) => TOKEN.test(name) && FIELD_VALUE.test(value) && name.toLowerCase() !== 'x-request-id',
  );
  kept.push(['x-request-id', requestId]);
  for (const [name, value] of added) kept.push([name, value]);
  return kept;
}

/** From undici's raw fields, which are bytes. */
export function toHeaderListFromRaw(raw: unknown): [string, string][] {
  if (!Array.isArray(raw)) return [];
  const list: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) list.push([toText(raw[index]), toText(raw[index + 1])]);
  return list;
}

function toText(value: unknown): string {
  return Buffer.isBuffer(value) ? value.toString('latin1') : String(value);
}
