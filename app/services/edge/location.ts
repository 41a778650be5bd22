// What a path is counted under: its first segments, where they are names. Pure, and bounded by whoever remembers them.

const depth = 3;
/** Numbers, hashes, identifiers, files, and what is longer than a name: one of many. */
const oneOfMany = /^\d|^[0-9a-f-]{8,}$|[.%]|.{33,}|[^\w~-]/i;

/** `/api/ai/search/query/` → `/api/ai/search/*`, `/users/42/cart` → `/users/*`, `/` → `/`. */
export function toLocation(path: string): string {
  const segments = path.split('/', 4 * depth).filter(Boolean);
  if (segments.length === 0) return '/';
  const end = segments.findIndex((segment) => oneOfMany.test(segment));
  const named = segments.slice(0, Math.min(depth, end === -1 ? depth : end));
  const isWhole = named.length === segments.length;
  return `/${named.join('/')}${isWhole ? '' : named.length === 0 ? '*' : '/*'}`;
}

export const otherLocations = '(other paths)';
/** Scanners ask for thousands of paths that are not there. */
export const refusedLocations = '(paths not found)';

/**
 * Remembers at most `limit` names. A path becomes one when something answers it, so that what scanners guess pushes out
 * nothing.
 */
export function createLocations(limit: number): (path: string, status: number) => string {
  const known = new Set<string>();
  return (path, status) => {
    const name = toLocation(path);
    if (known.has(name)) return name;
    if (path === '' || status === 404 || status === 400) return refusedLocations;
    if (known.size >= limit) return otherLocations;
    known.add(name);
    return name;
  };
}
