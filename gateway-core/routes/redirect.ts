// Where a redirect points. Origin and text come from the configuration, the rest from the canonical path, so that no
// request can choose the host: `//evil.example` and `/\evil.example` never get this far.
import type { Redirect } from '../config/document.ts';
import { rewriteByTemplate, rewritePath } from '../path/rewritePath.ts';
import { type PathPattern, readVariables } from './pathPattern.ts';

interface RedirectedRequest {
  /** The pattern of the redirect that the path fits. */
  readonly pattern: PathPattern;
  /** The canonical path. */
  readonly path: string;
  /** With its `?`; empty when there is none. */
  readonly query: string;
}

/** The Location field, in ASCII; undefined when the path would no longer be canonical. */
export function toLocation({ redirect }: Redirect, { pattern, path, query }: RedirectedRequest): string | undefined {
  const target = redirect.keepRest
    ? rewritePath(path, pattern.kind === 'prefix' ? pattern.path : path, redirect.path)
    : rewriteByTemplate(redirect.path, pattern.kind === 'template' ? (readVariables(pattern.path, path) ?? {}) : {});
  if (target === undefined) return undefined;
  return redirect.origin + target + (redirect.preserveQuery ? toQueryText(query) : '');
}

/** RFC 3986, 3.4: other bytes, which browsers leave bare in a query, are encoded. */
function toQueryText(query: string): string {
  return query.replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@/?%]/g, (character) => {
    const code = character.charCodeAt(0);
    return `%${code.toString(16).toUpperCase().padStart(2, '0')}`;
  });
}
