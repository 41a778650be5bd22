// The request target of RFC 9112, 3.2: which forms are taken, and where path and query part.

type RequestTarget =
  | {
      readonly ok: true;
      readonly path: string /** With its `?`, byte for byte as received. */;
      readonly query: string;
      readonly authority: string | null;
    }
  | { readonly ok: false; readonly detail: string };

/** Whether a request asks about the server as a whole: `*`, or a URL without a path as a proxy gets it (RFC 9112, 3.2.4). */
export function isServerWide({ method, target }: { readonly method: string; readonly target: string }): boolean {
  return method === 'OPTIONS' && (target === '*' || /^https?:\/\/[^/?#]+$/i.test(target));
}

/** Splits the target without interpreting it: a URL parser would resolve dot segments before they can be refused. */
export function parseRequestTarget(target: string): RequestTarget {
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/is.exec(target);
  const authority = absolute?.[1] ?? null;
  const rest = absolute?.[2] ?? target;
  if (authority === '') return { ok: false, detail: 'the request target has no host' };
  if (authority?.includes('@')) return { ok: false, detail: 'the request target carries a user name' };
  if (authority === null && !rest.startsWith('/'))
    return { ok: false, detail: 'the request target is neither a path nor a URL' };
  const mark = rest.indexOf('?');
  const path = mark < 0 ? rest : rest.slice(0, mark);
  const query = mark < 0 ? '' : rest.slice(mark);
  if (hasForbidden(query)) return { ok: false, detail: 'the query has a control character, a space or a fragment' };
  return { ok: true, path: path === '' ? '/' : path, query, authority };
}

function hasForbidden(query: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return /[\x00-\x20\x7f#]|[^\x00-\xff]/.test(query);
}
