// Fields that stand at most once in a request (RFC 9110, 5.3). Of two, one server reads the first and the next the last,
// so that one may have checked a token and the other use another one.
import { type HeaderList, toLowerName } from './headerList.ts';

const SINGLE = [
  'authorization',
  'content-location',
  'content-range',
  'content-type',
  'date',
  'from',
  'if-modified-since',
  'if-range',
  'if-unmodified-since',
  'max-forwards',
  'origin',
  'proxy-authorization',
  'range',
  'referer',
  'user-agent',
];

/** By length, so that most names are passed over without being made lower case. */
const byLength = new Map<number, Map<string, number>>();
SINGLE.forEach((name, index) => {
  const names = byLength.get(name.length) ?? new Map<string, number>();
  byLength.set(name.length, names.set(name, 1 << index));
});

/** The lower-case name of a field that stands twice though it must not. */
export function findRepeatedField(headers: HeaderList): string | undefined {
  let seen = 0;
  for (const [name] of headers) {
    const names = byLength.get(name.length);
    if (!names) continue;
    const lower = toLowerName(name);
    const bit = names.get(lower);
    if (bit === undefined) continue;
    if ((seen & bit) !== 0) return lower;
    seen |= bit;
  }
  return undefined;
}
