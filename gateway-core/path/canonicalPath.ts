// The one canonical form of a request path. It is made once; the same string is matched, rewritten and forwarded, so that
// no two parts of the platform can read the path differently (the root of Traefik CVE-2026-40912 and -48020).

type CanonicalPath = { readonly ok: true; readonly path: string } | { readonly ok: false; readonly detail: string };

/** RFC 3986, 2.3: the only characters whose encoded form is equivalent to the plain one. */
const UNRESERVED = /[A-Za-z0-9\-._~]/;
/** RFC 3986, 3.3: what may stand in a path unencoded, besides `%` itself. */
const PATH_CHARACTER = /[A-Za-z0-9\-._~!$&'()*+,;=:@/]/;
const PLAIN = /^\/[A-Za-z0-9\-._~!$&'()*+,=:@/]*$/;

/**
 * Canonicalises a path (no query). The policy, in order:
 * - refused: anything that does not begin with `/`; NUL and other control characters, plain or encoded; `\` and `%5C`;
 *   `#`; `%` without two hex digits; `%2F` (upstreams disagree on whether it separates segments); bytes that are not
 *   UTF-8 (overlong forms hide dots and slashes); dot segments, plain, encoded or with `;parameters`;
 * - runs of `/` become one, as nginx's merge_slashes does, so that `//` reaches no other rule than `/`;
 * - encoded unreserved characters are decoded, other escapes get upper-case digits, and what browsers leave bare against
 *   the RFC (`|`, `[`, `"`, bytes above 127) is encoded. Double encoding stays as it is: `%252e` is the text `%2e`.
 * Applying it to its own result changes nothing.
 */
export function canonicalisePath(path: string): CanonicalPath {
  // Most paths are canonical already: no escape, no `//`, and no segment that begins with a dot.
  if (PLAIN.test(path) && !path.includes('//') && !path.includes('/.')) return { ok: true, path };
  if (!path.startsWith('/')) return refuse('it does not begin with a slash');
  let canonical = '';
  for (let index = 0; index < path.length; ) {
    const character = path.charAt(index);
    if (character === '%') {
      const decoded = readEscape(path, index);
      if (!decoded.ok) return decoded;
      canonical += decoded.path;
      index += 3;
      continue;
    }
    const fault = findCharacterFault(character);
    if (fault !== undefined) return refuse(fault);
    if (PATH_CHARACTER.test(character)) canonical += character;
    else canonical += toEscape(character.charCodeAt(0));
    index += 1;
  }
  if (!isUtf8(canonical)) return refuse('its escapes are not UTF-8');
  canonical = canonical.replace(/\/{2,}/g, '/');
  const dots = canonical.split('/').find(isDotSegment);
  return dots === undefined ? { ok: true, path: canonical } : refuse(`it has the dot segment "${dots}"`);
}

function refuse(detail: string): CanonicalPath {
  return { ok: false, detail };
}

function findCharacterFault(character: string): string | undefined {
  const code = character.charCodeAt(0);
  if (code === 0) return 'it has a NUL';
  if (code <= 0x20 || code === 0x7f) return 'it has a control character or a space';
  if (code > 0xff) return 'it has a character that is not a byte';
  if (character === '\\') return 'it has a backslash';
  if (character === '#') return 'it has a fragment';
  if (character === '?') return 'it has a query';
  return undefined;
}

function readEscape(path: string, index: number): CanonicalPath {
  const digits = path.slice(index + 1, index + 3);
  if (!/^[0-9A-Fa-f]{2}$/.test(digits)) return refuse(`"%${digits}" is not a percent escape`);
  const code = Number.parseInt(digits, 16);
  const character = String.fromCharCode(code);
  if (code === 0) return refuse('it has %00');
  if (code < 0x20 || code === 0x7f) return refuse(`it has the encoded control character %${digits}`);
  if (character === '/') return refuse('it has an encoded slash');
  if (character === '\\') return refuse('it has an encoded backslash');
  return { ok: true, path: UNRESERVED.test(character) ? character : toEscape(code) };
}

function toEscape(code: number): string {
  return `%${code.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Java servers cut `;parameters` off a segment before they look for dots, so `..;x` is `..` to them. */
function isDotSegment(segment: string): boolean {
  const [name] = segment.split(/;|%3B/, 1);
  return name === '.' || name === '..';
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function isUtf8(path: string): boolean {
  if (!/%[89A-F]/.test(path)) return true;
  const bytes = Uint8Array.from(
    path.replace(/%([0-9A-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))),
    (character) => character.charCodeAt(0),
  );
  try {
    utf8.decode(bytes);
    return true;
  } catch {
    return false;
  }
}
