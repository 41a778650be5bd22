import { fillTemplate } from '../routes/pathPattern.ts';
import { canonicalisePath } from './canonicalPath.ts';

/**
 * Replaces the matched prefix of a canonical path; null keeps the path. The result is checked again, since cutting a
 * prefix off can uncover what the whole path hid; undefined when it is no longer canonical.
 */
export function rewritePath(path: string, prefix: string, replacement: string | null): string | undefined {
  if (replacement === null) return path;
  const rest = prefix === '/' ? path : path.slice(prefix.length);
  return checkAgain(replacement === '/' ? rest || '/' : replacement + (rest === '/' && prefix === '/' ? '' : rest));
}

/** Fills a path template with segments of a canonical path; undefined when the result is not canonical. */
export function rewriteByTemplate(template: string, variables: Readonly<Record<string, string>>): string | undefined {
  return checkAgain(fillTemplate(template, variables));
}

function checkAgain(path: string): string | undefined {
  const again = canonicalisePath(path);
  return again.ok && again.path === path ? path : undefined;
}
