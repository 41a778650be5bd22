const KNOWN = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY']);

/** A client can invent methods without end; as a label or span name each would be a series of its own. */
export function toKnownMethod(method: string): string | undefined {
  return KNOWN.has(method) ? method : undefined;
}
