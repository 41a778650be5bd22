// Header fields in the document: rules for both directions, and how the gateway says that it is on the way.
import { isReservedHeader } from './reservedHeaders.ts';

interface RulesDocument {
  set?: Record<string, string>;
  add?: Record<string, string>;
  remove?: string[];
}

export interface HeadersDocument {
  request?: RulesDocument;
  response?: RulesDocument;
}

export interface ForwardingDocument {
  via?: string;
  forwarded?: boolean;
  hideServer?: boolean;
}

/** What becomes of the fields of one direction: some are dropped, then some are put behind what is left. */
export interface HeaderRules {
  /** Lower case. */
  readonly drop: readonly string[];
  readonly put: readonly (readonly [name: string, value: string])[];
}

export interface RouteHeaders {
  readonly request: HeaderRules;
  readonly response: HeaderRules;
}

export interface Forwarding {
  /** What stands for this gateway in Via and Forwarded. All replicas of a gateway share it, and no other gateway does. */
  readonly pseudonym: string;
  /** Whether upstreams get Forwarded (RFC 7239) beside X-Forwarded-*. */
  readonly forwarded: boolean;
  /** Whether clients are spared Server and X-Powered-By of upstreams. */
  readonly hideServer: boolean;
}

const name = { type: 'string', pattern: '^[A-Za-z0-9-]{1,64}$' };
/** No control character (a CR or LF would be another field), nothing beyond ASCII, no space at either end. */
const value = { type: 'string', pattern: '^([!-~]([ \\t!-~]{0,4094}[!-~])?)?$' };

const rules = (whose: string) => ({
  type: 'object',
  additionalProperties: false,
  description: `Rules for the fields of ${whose}: first remove, then set, then add`,
  properties: {
    set: {
      type: 'object',
      description: 'Fields that get this value, whatever was there before',
      propertyNames: name,
      additionalProperties: { ...value, description: 'The value' },
    },
    add: {
      type: 'object',
      description: 'Fields that get one more line with this value',
      propertyNames: name,
      additionalProperties: { ...value, description: 'The value' },
    },
    remove: {
      type: 'array',
      description: 'Fields that are not passed on',
      items: { ...name, description: 'A field name' },
    },
  },
});

/** `headers` of a route and of the defaults. */
export const headersSchema = {
  type: 'object',
  additionalProperties: false,
  description:
    'Header fields that are set, added or removed on the way; a route wins over the defaults, field by field',
  properties: { request: rules('the request'), response: rules('the answer') },
};

/** `forwarding` of the document. */
export const forwardingSchema = {
  type: 'object',
  additionalProperties: false,
  description: 'What the gateway says about itself and about upstreams',
  properties: {
    via: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
      description:
        'The pseudonym in Via (RFC 9110, 7.6.3), by which a loop is found; the same for all replicas, derived from the configuration when it is left out',
    },
    forwarded: {
      type: 'boolean',
      description: 'Whether upstreams get Forwarded (RFC 7239) beside X-Forwarded-*; false unless said otherwise',
    },
    hideServer: {
      type: 'boolean',
      description: 'Whether Server and X-Powered-By of upstreams are kept from clients; true unless said otherwise',
    },
  },
};

/** Takes documents without faults. */
export function resolveHeaders(defaults: HeadersDocument = {}, route: HeadersDocument = {}): RouteHeaders {
  return {
    request: merge(defaults.request, route.request),
    response: merge(defaults.response, route.response),
  };
}

function merge(defaults: RulesDocument = {}, own: RulesDocument = {}): HeaderRules {
  const removed = lowerNames(own.remove);
  const replaced = new Set([...removed, ...lowerNames(Object.keys(own.set ?? {}))]);
  const isKept = ([header]: readonly [string, string]): boolean => !replaced.has(header.toLowerCase());
  const set = [...Object.entries(defaults.set ?? {}).filter(isKept), ...Object.entries(own.set ?? {})];
  const add = [...Object.entries(defaults.add ?? {}).filter(isKept), ...Object.entries(own.add ?? {})];
  const dropped = [...lowerNames(defaults.remove), ...removed, ...lowerNames(set.map(([header]) => header))];
  return { drop: [...new Set(dropped)], put: [...set, ...add] };
}

function lowerNames(names: readonly string[] = []): string[] {
  return names.map((header) => header.toLowerCase());
}

/** The pseudonym that stands in where none is configured. */
export function derivePseudonym(revision: string): string {
  return `gatehouse-${revision.slice(0, 6)}`;
}

/** `revision` is the hash of the configuration: the same for replicas of one gateway, another for any other gateway. */
export function resolveForwarding(document: ForwardingDocument = {}, revision: string): Forwarding {
  return {
    pseudonym: document.via ?? derivePseudonym(revision),
    forwarded: document.forwarded ?? false,
    hideServer: document.hideServer ?? true,
  };
}

interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Fields that no rule may name, and fields that are named twice. Paths begin inside `headers`. */
export function findHeadersFaults(document: HeadersDocument | undefined): Fault[] {
  return (['request', 'response'] as const).flatMap((direction) => {
    const { set = {}, add = {}, remove = [] } = document?.[direction] ?? {};
    const named = [
      ...Object.keys(set).map((header) => ({ header, path: [direction, 'set', header] })),
      ...Object.keys(add).map((header) => ({ header, path: [direction, 'add', header] })),
      ...remove.map((header, index) => ({ header, path: [direction, 'remove', index] })),
    ];
    return named.flatMap(({ header, path }, index): Fault[] => {
      const lower = header.toLowerCase();
      if (isReservedHeader(lower))
        return [{ path, message: `the field "${header}" is the gateway's own to write; remove the rule` }];
      const first = named.findIndex((other) => other.header.toLowerCase() === lower);
      if (first === index) return [];
      return [{ path, message: `the field "${header}" has another rule under ${direction}; keep one of them` }];
    });
  });
}
