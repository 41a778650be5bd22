// What a route matches and what becomes of the path: its part of the document, its defaults, its faults.
import type { HeaderCondition } from './headerCondition.ts';
import { type PathPattern, trimPrefix } from './pathPattern.ts';
import type { Orderable } from './routeOrder.ts';

type PathDocument = string | { exact: string } | { template: string };

interface HeaderConditionDocument {
  equals?: string;
  oneOf?: string[];
  present?: boolean;
}

interface RedirectDocument {
  to: string;
  status?: 301 | 302 | 303 | 307 | 308;
  preserveQuery?: boolean;
  keepRest?: boolean;
}

/** The part of a route's document that this file knows. */
export interface RouteMatchDocument {
  id: string;
  paths: PathDocument[];
  methods?: string[];
  hosts?: string[];
  matchHeaders?: Record<string, HeaderConditionDocument>;
  upstream?: string;
  redirect?: RedirectDocument;
  rewrite?: { prefix?: string; path?: string };
}

export interface RedirectTarget {
  readonly status: number;
  /** `https://shop.example`; empty: the host that was asked. */
  readonly origin: string;
  /** A path, or a template of one. */
  readonly path: string;
  readonly preserveQuery: boolean;
  /** Whether what follows the matched prefix follows in the new path too. */
  readonly keepRest: boolean;
}

const path = { type: 'string', pattern: '^/', maxLength: 1024 };
const name = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$' };
/** Exactly one key of several. */
const choice = { additionalProperties: false, minProperties: 1, maxProperties: 1 };

/** Properties of a route in the JSON Schema. */
export const routeMatchProperties = {
  id: { ...name, description: 'The stable name of the route: in metrics, the tap and the log' },
  paths: {
    type: 'array',
    minItems: 1,
    maxItems: 64,
    description: 'Any of these paths matches; the most specific route of all is tried first',
    items: {
      ...path,
      ...choice,
      type: ['string', 'object'],
      description: 'A string is a prefix: the path and everything below it, by whole segments',
      properties: {
        exact: { ...path, description: 'This one path' },
        template: { ...path, description: 'A whole path with variables for segments: /users/{id}/orders' },
      },
    },
  },
  methods: {
    type: 'array',
    minItems: 1,
    uniqueItems: true,
    description: 'Methods that the route takes; all when it is left out',
    items: { type: 'string', pattern: '^[A-Z]{1,24}$', description: 'A method in upper case' },
  },
  hosts: {
    type: 'array',
    minItems: 1,
    uniqueItems: true,
    description: 'Host names that the route takes; all when it is left out',
    items: {
      type: 'string',
      pattern: '^(\\*\\.)?[A-Za-z0-9._-]*[A-Za-z0-9]$',
      maxLength: 253,
      description: 'A name, or *.name for every name below it',
    },
  },
  matchHeaders: {
    type: 'object',
    minProperties: 1,
    maxProperties: 16,
    description: 'Header fields that a request must have (or lack) for the route to take it',
    propertyNames: { type: 'string', pattern: '^[A-Za-z0-9-]{1,64}$' },
    additionalProperties: {
      type: 'object',
      ...choice,
      description: 'Exactly one of equals, oneOf and present',
      properties: {
        equals: { type: 'string', maxLength: 1024, description: 'The field stands once, with this value' },
        oneOf: {
          type: 'array',
          minItems: 1,
          maxItems: 64,
          description: 'The field stands once, with one of these values',
          items: { type: 'string', maxLength: 1024, description: 'A value, compared byte by byte' },
        },
        present: { type: 'boolean', description: 'true: the field is there; false: it is not' },
      },
    },
  },
  upstream: { ...name, description: 'The upstream, under upstreams, that gets the requests' },
  redirect: {
    type: 'object',
    additionalProperties: false,
    required: ['to'],
    description: 'Answer with a redirect instead of forwarding',
    properties: {
      to: {
        type: 'string',
        pattern: '^(/|https?://)',
        maxLength: 2048,
        description:
          'A path of the same host or an http(s) URL; segments may be variables of the template that matched',
      },
      status: { enum: [301, 302, 303, 307, 308], description: '307 unless said otherwise: nobody keeps it' },
      preserveQuery: { type: 'boolean', description: 'Whether the query is kept; true unless said otherwise' },
      keepRest: {
        type: 'boolean',
        description: 'Whether what follows the matched prefix is kept; false unless said otherwise',
      },
    },
  },
  rewrite: {
    type: 'object',
    ...choice,
    description: 'What becomes of the path before it is forwarded; it stays as it is when this is left out',
    properties: {
      prefix: { ...path, description: 'Replaces the matched prefix; / strips it' },
      path: { ...path, description: 'Replaces the whole path; segments may be variables of the template that matched' },
    },
  },
} as const;

/** A path of a route as it is matched. */
export function toPattern(path: PathDocument): PathPattern {
  if (typeof path === 'string') return { kind: 'prefix', path: trimPrefix(path) };
  if ('exact' in path) return { kind: 'exact', path: path.exact };
  return { kind: 'template', path: path.template };
}

/** What decides the place in the order, with every default filled in. */
export function toOrderable<T extends RouteMatchDocument>(document: T): Orderable & { readonly document: T } {
  return {
    id: document.id,
    paths: document.paths.map(toPattern),
    methods: document.methods ?? null,
    hosts: document.hosts?.map((host) => host.toLowerCase()) ?? null,
    matchHeaders: Object.entries(document.matchHeaders ?? {}).map(([header, condition]) =>
      toCondition(header.toLowerCase(), condition),
    ),
    document,
  };
}

function toCondition(header: string, { equals, oneOf, present }: HeaderConditionDocument): HeaderCondition {
  if (present !== undefined) return { name: header, kind: present ? 'present' : 'absent' };
  return { name: header, kind: 'oneOf', values: oneOf ?? [equals ?? ''] };
}

/** Takes a redirect without faults. */
export function resolveRedirect({ to, status, preserveQuery, keepRest }: RedirectDocument): RedirectTarget {
  const { origin, path } = splitRedirect(to);
  return {
    status: status ?? 307,
    origin,
    path: keepRest ? trimPrefix(path) : path,
    preserveQuery: preserveQuery ?? true,
    keepRest: keepRest ?? false,
  };
}

/** The origin is empty when only a path is named. */
export function splitRedirect(to: string): { origin: string; path: string } {
  const absolute = /^(https?:\/\/[^/?#]*)(.*)$/s.exec(to);
  return absolute ? { origin: absolute[1] ?? '', path: absolute[2] || '/' } : { origin: '', path: to };
}
