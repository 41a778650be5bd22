// An exchange as a curl command. Pure. Its method, path and headers come from the gateway's clients: what is pasted
// into a shell must be one argument each, and curl must not read a file or a glob out of it.
import type { ExchangeDetail } from '../../../app/contract/index.ts';
import { toShellWord } from '../../components/shellWord.ts';
import { isRedacted } from './headerText.ts';

/** Set by curl itself, about one connection, or stripped by the gateway. */
const LEFT_OUT = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'x-gatehouse-demo',
]);
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HOST = /^[A-Za-z0-9._-]+(:\d{1,5})?$|^\[[0-9A-Fa-f:.]+\](:\d{1,5})?$/;

export interface CurlSource
  extends Pick<ExchangeDetail, 'method' | 'host' | 'path' | 'requestHeaders' | 'requestBytes'> {}

/** What the caller sent, on one line. Redacted headers and the body, which nobody kept, are named in a comment. */
export function toCurlCommand(source: CurlSource): string {
  const host = HOST.test(source.host) ? source.host : 'localhost:8080';
  const path = source.path.startsWith('/') ? source.path : `/${source.path}`;
  const missing: string[] = [];
  const words = ['curl', '--globoff', '--path-as-is'];
  if (source.method === 'HEAD') words.push('--head');
  else if (source.method !== 'GET' && TOKEN.test(source.method)) words.push('-X', toShellWord(source.method));
  words.push(toShellWord(`http://${host}${path}`));
  for (const [name, value] of source.requestHeaders) {
    // A name that is no token could begin with @, which curl takes for a file of headers.
    if (!TOKEN.test(name) || LEFT_OUT.has(name.toLowerCase())) continue;
    if (isRedacted(value)) missing.push(name.toLowerCase());
    // Without a value curl would leave the header out; a semicolon sends it empty.
    else words.push('-H', toShellWord(value === '' ? `${name};` : `${name}: ${value}`));
  }
  if (source.requestBytes > 0) missing.push(`body of ${source.requestBytes} bytes`);
  return missing.length > 0 ? `${words.join(' ')} # left out: ${missing.join(', ')}` : words.join(' ');
}
