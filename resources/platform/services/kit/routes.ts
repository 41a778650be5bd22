// What a role answers: a list of routes, each a method, a pattern and a function from the request to the reply.
import type { IncomingHttpHeaders } from 'node:http';
import type { Caller } from './identity.ts';

export interface ServiceRequest {
  method: string;
  path: string;
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  contentType: string;
  /** At most BODY_LIMIT_BYTES. */
  body: Buffer;
  authorization: string | undefined;
  headers: IncomingHttpHeaders;
  /** Who the gateway vouches for; nothing else says who a user is. */
  caller: Caller;
  requestId: string;
}

export interface Reply {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

export interface Route {
  method: 'GET' | 'POST' | 'DELETE';
  /** `/user/:id/`; a trailing slash is optional in requests, as in Django with APPEND_SLASH. */
  path: string;
  /** Answered past the gateway too, for what the gateway itself asks; the caller is then anonymous. */
  isOpen?: true;
  handle(request: ServiceRequest): Reply | Promise<Reply>;
}

/** One role that answers over HTTP. */
export interface Service {
  name: string;
  port: number;
  healthPath: string;
  routes: readonly Route[];
  /** Which stores are behind it, shown by `GET /`: `{ database: 'Postgres through PgBouncer' }`, or that there is none. */
  describe?: Readonly<Record<string, string>>;
  /** Lets go of its stores when the program ends. */
  close?(): void | Promise<void>;
}

export const ok = (body: unknown): Reply => ({ status: 200, body });

/** A refusal in the shape of RFC 9457. */
export function refuse(status: number, code: string, detail: string): Reply {
  return {
    status,
    headers: { 'content-type': 'application/problem+json' },
    body: { type: `urn:shop-platform:problem:${code}`, title: code.replaceAll('-', ' '), status, code, detail },
  };
}

export type RouteMatch =
  | { kind: 'found'; route: Route; params: Record<string, string> }
  | { kind: 'wrongMethod'; allowed: string[] }
  | { kind: 'none' };

export function matchRoute(routes: readonly Route[], method: string, path: string): RouteMatch {
  const segments = toSegments(path);
  const allowed: string[] = [];
  for (const route of routes) {
    const params = matchSegments(toSegments(route.path), segments);
    if (params === null) continue;
    if (route.method === method || (route.method === 'GET' && method === 'HEAD')) {
      return { kind: 'found', route, params };
    }
    allowed.push(route.method);
  }
  return allowed.length > 0 ? { kind: 'wrongMethod', allowed } : { kind: 'none' };
}

function toSegments(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function matchSegments(pattern: string[], segments: string[]): Record<string, string> | null {
  if (pattern.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const actual = segments[index] ?? '';
    if (expected.startsWith(':')) params[expected.slice(1)] = actual;
    else if (expected !== actual) return null;
  }
  return params;
}

/** The JSON object of a request's body, or the refusal to answer with. An empty body is an empty object. */
export function readJson(request: ServiceRequest): { value: Record<string, unknown> } | { refusal: Reply } {
  if (request.body.length === 0) return { value: {} };
  try {
    const value: unknown = JSON.parse(request.body.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { value: value as Record<string, unknown> };
    }
  } catch {
    // Answered below, like any other body that is not an object.
  }
  return { refusal: refuse(400, 'body-not-json', 'the body must be a JSON object') };
}

/** A whole number from a query or JSON value within [least, most]; `fallback` when absent, null when it is neither. */
export function toWhole(value: unknown, fallback: number, least: number, most: number): number | null {
  if (value === undefined || value === null || value === '') return fallback;
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most ? number : null;
}
