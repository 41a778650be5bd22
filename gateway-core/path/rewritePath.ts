import { canonicalisePath } from './canonicalPath.ts';

/**
 * Replaces the matched prefix of a canonical path; null keeps the path. The result is checked again, since cutting a
 * prefix off can uncover what the whole path hid; undefined when it is no longer canonical.
 */
export function rewritePath(path: string, prefix: string, replacement: string | null): string | undefined {
  if (replacement === null) return path;
  const rest = prefix === '/' ? path : path.slice(prefix.length);
  const joined = replacement === '/' ? rest || '/' : replacement + (rest === '/' && prefix === '/' ? '' : rest);
  const again = canonicalisePath(joined);
  return again.ok && again.path === joined ? joined : undefined;
}
