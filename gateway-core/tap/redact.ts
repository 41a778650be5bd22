import type { HeaderList } from '../headers/headerList.ts';

const ALWAYS = ['authorization', 'cookie', 'set-cookie', 'proxy-authorization'];
const REDACTED = '[redacted]';

/** Values of secret fields are replaced before anything is kept; names stay, so that their presence can be seen. */
export function createRedaction(configured: readonly string[]): (headers: HeaderList) => [string, string][] {
  const secret = new Set([...ALWAYS, ...configured.map((name) => name.toLowerCase())]);
  return (headers) =>
    headers.map(([name, value]): [string, string] => [name, secret.has(name.toLowerCase()) ? REDACTED : value]);
}
