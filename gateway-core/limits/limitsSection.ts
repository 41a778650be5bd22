// The configuration's section `limits`, and the `limits` of a route: its documents, schema, defaults and faults.

import type { DocumentPath } from '../config/loadConfig.ts';
import { TOKEN } from '../headers/fieldSyntax.ts';
import type { CellRate } from './gcra.ts';

interface LimitPolicyDocument {
  by: string[];
  rate: number;
  perSeconds?: number;
  burst?: number;
  cost?: number;
  ipv6PrefixLength?: number;
}

interface LimitRedisDocument {
  url: string;
  username?: string;
  passwordFile?: string;
  keyPrefix?: string;
  timeoutMs?: number;
  commandsInFlight?: number;
}

export interface LimitsDocument {
  policies?: Record<string, LimitPolicyDocument>;
  keys?: number;
  redis?: LimitRedisDocument;
  ipv6PrefixLength?: number;
  connectionsPerIp?: number;
  requestsPerIp?: number;
  requestsPerUser?: number;
}

/** The part of a document that has to do with limits. */
interface LimitingDocument {
  limits?: LimitsDocument;
  defaults?: { limits?: string[] };
  routes: readonly { id: string; limits?: string[] }[];
}

/** The stage that asks a policy: before anybody is authenticated, or after. */
export type LimitStageName = 'ip' | 'user';

export interface LimitPolicy {
  readonly name: string;
  /** In a fixed order, header names in lower case. */
  readonly by: readonly string[];
  readonly stage: LimitStageName;
  readonly rate: number;
  readonly perSeconds: number;
  readonly burst: number;
  /** Units that one request takes. */
  readonly cost: number;
  readonly ipv6PrefixLength: number;
  readonly cells: CellRate;
  /** Its item of the RateLimit-Policy field: a whole burst, and the whole seconds in which an empty bucket is full again. */
  readonly field: string;
}

export interface LimitRedis {
  readonly url: string;
  readonly username: string | null;
  readonly passwordFile: string | null;
  readonly keyPrefix: string;
  readonly timeoutMs: number;
  readonly commandsInFlight: number;
}

export interface LimitsConfig {
  readonly policies: readonly LimitPolicy[];
  /** How many keys each policy remembers. */
  readonly keys: number;
  /** null: each gateway counts for itself. */
  readonly redis: LimitRedis | null;
  readonly ipv6PrefixLength: number;
  /** null: no cap. */
  readonly connectionsPerIp: number | null;
  readonly requestsPerIp: number | null;
  readonly requestsPerUser: number | null;
}

/** The policies of a route that each stage asks, in the order in which the route names them. */
export type RouteLimits = Readonly<Record<LimitStageName, readonly LimitPolicy[]>>;

const KEYS = 100_000;
/** Providers hand out a /64 to a household, which may take a new address of it for each request. */
const IPV6_PREFIX_LENGTH = 64;
const REDIS = { keyPrefix: 'gatehouse:limit:', timeoutMs: 50, commandsInFlight: 512 };
/** Above it, an interval of whole microseconds would miss the rate by more than a tenth. */
const MAXIMUM_RATE_PER_SECOND = 100_000;
const MAXIMUM_REFILL_SECONDS = 366 * 86_400;
const PART_ORDER = ['global', 'route', 'user', 'ip'];

const ipv6PrefixLength = {
  type: 'integer',
  minimum: 1,
  maximum: 128,
  description: 'How many leading bits of an IPv6 address make one client; 64 by default.',
};
const cap = { type: 'integer', minimum: 1, maximum: 1_000_000 };
const policyName = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$' };

const policySchema = {
  type: 'object',
  additionalProperties: false,
  required: ['by', 'rate'],
  properties: {
    by: {
      type: 'array',
      minItems: 1,
      maxItems: 8,
      items: { type: 'string', pattern: `^(ip|user|route|global|header:${TOKEN})$` },
      description:
        'What has a bucket of its own: ip, user, route, global, header:NAME, or a combination. Policies by ip or header are asked before authentication, all others after it. Where a user or a header is missing, the address stands in.',
    },
    rate: { type: 'integer', minimum: 1, maximum: 100_000_000, description: 'Units that come back in perSeconds.' },
    perSeconds: { type: 'integer', minimum: 1, maximum: 2_678_400, description: 'The time of the rate; 1 by default.' },
    burst: {
      type: 'integer',
      minimum: 1,
      maximum: 100_000_000,
      description: 'Units that may be taken at once; as many as the rate by default.',
    },
    cost: {
      type: 'integer',
      minimum: 1,
      maximum: 1_000_000,
      description: 'Units that one request takes; 1 by default.',
    },
    ipv6PrefixLength,
  },
};

const redisSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['url'],
  description: 'Where all gateways of one platform count together. Without it each counts for itself.',
  properties: {
    url: {
      type: 'string',
      minLength: 1,
      description: 'redis://name:port/database, or rediss:// for TLS; without name and password.',
    },
    username: { type: 'string', minLength: 1, description: 'The ACL user, where Redis has users.' },
    passwordFile: {
      type: 'string',
      pattern: '^(/|[A-Za-z]:[\\\\/])',
      description: 'Absolute path of a file that holds the password; a line end at its end is left out.',
    },
    keyPrefix: {
      type: 'string',
      pattern: '^[A-Za-z0-9:._-]{1,64}$',
      description: 'What every key in Redis begins with; gatehouse:limit: by default.',
    },
    timeoutMs: {
      type: 'integer',
      minimum: 1,
      maximum: 10_000,
      description: 'How long a request waits for Redis before this gateway decides by itself; 50 by default.',
    },
    commandsInFlight: {
      type: 'integer',
      minimum: 1,
      maximum: 100_000,
      description:
        'Questions that may be on their way to Redis; beyond it this gateway decides by itself; 512 by default.',
    },
  },
};

export const limitsSchema = {
  type: 'object',
  additionalProperties: false,
  description: 'Rate limits, and caps of what one client may hold at a time.',
  properties: {
    policies: {
      type: 'object',
      maxProperties: 64,
      propertyNames: policyName,
      additionalProperties: policySchema,
      description: 'Rate limits by name; a route takes them with its limits.',
    },
    keys: {
      type: 'integer',
      minimum: 100,
      maximum: 10_000_000,
      description:
        'Keys that each policy remembers; beyond it the longest unused get a whole burst anew. 100000 by default.',
    },
    redis: redisSchema,
    ipv6PrefixLength,
    connectionsPerIp: {
      ...cap,
      description: 'Open connections of one address; trusted proxies are exempt. No cap by default.',
    },
    requestsPerIp: { ...cap, description: 'Requests of one client address that run at a time. No cap by default.' },
    requestsPerUser: { ...cap, description: 'Requests of one user that run at a time. No cap by default.' },
  },
};

export const limitNamesSchema = {
  type: 'array',
  maxItems: 16,
  items: policyName,
  description:
    'Names of limits.policies that all must admit a request. A route’s own list replaces the one in defaults; an empty one sets no limit.',
};

export function resolveLimits(document: LimitingDocument): LimitsConfig {
  const { policies = {}, redis, ...rest } = document.limits ?? {};
  const prefixLength = rest.ipv6PrefixLength ?? IPV6_PREFIX_LENGTH;
  return {
    policies: Object.entries(policies).map(([name, policy]) => resolvePolicy(name, policy, prefixLength)),
    keys: rest.keys ?? KEYS,
    redis: redis ? completeRedis(redis) : null,
    ipv6PrefixLength: prefixLength,
    connectionsPerIp: rest.connectionsPerIp ?? null,
    requestsPerIp: rest.requestsPerIp ?? null,
    requestsPerUser: rest.requestsPerUser ?? null,
  };
}

function completeRedis(redis: LimitRedisDocument): LimitRedis {
  return { ...REDIS, username: null, passwordFile: null, ...redis };
}

/** Of a Redis that is named outside of the configuration. Throws when its address is not one. */
export function resolveLimitRedis(redis: LimitRedisDocument): LimitRedis {
  const fault = findRedisUrlFault(redis.url);
  if (fault !== undefined) throw new Error(fault);
  return completeRedis(redis);
}

function resolvePolicy(name: string, document: LimitPolicyDocument, prefixLength: number): LimitPolicy {
  const { rate, perSeconds = 1, burst = rate, cost = 1 } = document;
  const by = document.by
    .map((part) => part.toLowerCase())
    .sort((a, b) => PART_ORDER.indexOf(a) - PART_ORDER.indexOf(b) || (a < b ? -1 : 1));
  const intervalUs = toIntervalUs(rate, perSeconds);
  const capacityUs = burst * intervalUs;
  // What belongs to all is taken only by requests that are let in: else bad tokens could use it up.
  const isEarly = !by.includes('user') && by.some((part) => part === 'ip' || part.startsWith('header:'));
  return {
    name,
    by,
    stage: isEarly ? 'ip' : 'user',
    rate,
    perSeconds,
    burst,
    cost,
    ipv6PrefixLength: document.ipv6PrefixLength ?? prefixLength,
    cells: { intervalUs, incrementUs: cost * intervalUs, capacityUs },
    field: `"${name}";q=${burst};w=${Math.ceil(capacityUs / 1_000_000)}`,
  };
}

function toIntervalUs(rate: number, perSeconds: number): number {
  return Math.ceil((perSeconds * 1_000_000) / rate);
}

export function resolveRouteLimits(document: LimitingDocument, route: { readonly limits?: string[] }): RouteLimits {
  const { policies = {}, ipv6PrefixLength: prefixLength = IPV6_PREFIX_LENGTH } = document.limits ?? {};
  const named = (route.limits ?? document.defaults?.limits ?? []).flatMap((name) => {
    const policy = policies[name];
    return policy ? [resolvePolicy(name, policy, prefixLength)] : [];
  });
  return {
    ip: named.filter((policy) => policy.stage === 'ip'),
    user: named.filter((policy) => policy.stage === 'user'),
  };
}

interface Fault {
  readonly path: DocumentPath;
  readonly message: string;
}

export function findLimitFaults(document: LimitingDocument): Fault[] {
  const { policies = {}, redis } = document.limits ?? {};
  const faults = Object.entries(policies).flatMap(([name, policy]) => findPolicyFaults(name, policy));
  const url = redis && findRedisUrlFault(redis.url);
  if (url !== undefined) faults.push({ path: ['limits', 'redis', 'url'], message: url });
  const known = Object.keys(policies);
  const lists: [where: DocumentPath, names: readonly string[] | undefined][] = [
    [['defaults', 'limits'], document.defaults?.limits],
    ...document.routes.map((route, index): [DocumentPath, string[] | undefined] => [
      ['routes', index, 'limits'],
      route.limits,
    ]),
  ];
  return [...faults, ...lists.flatMap(([where, names = []]) => findNameFaults(where, names, known))];
}

function findNameFaults(where: DocumentPath, names: readonly string[], known: readonly string[]): Fault[] {
  return names.flatMap((name, index): Fault[] => {
    const path = [...where, index];
    if (names.indexOf(name) < index) return [{ path, message: `the limit "${name}" stands here twice; remove one` }];
    if (known.includes(name)) return [];
    const choice = known.length === 0 ? 'there are none; add it there' : `known are ${known.join(', ')}`;
    return [{ path, message: `the limit "${name}" is not under limits.policies; ${choice}` }];
  });
}

function findPolicyFaults(name: string, policy: LimitPolicyDocument): Fault[] {
  const { rate, perSeconds = 1, burst = rate, cost = 1 } = policy;
  const at = (key: string): DocumentPath => ['limits', 'policies', name, key];
  const faults: Fault[] = [];
  const parts = policy.by.map((part) => part.toLowerCase());
  if (new Set(parts).size < parts.length)
    faults.push({ path: at('by'), message: `policy "${name}" names a part twice; remove one` });
  if (parts.includes('global') && parts.length > 1)
    faults.push({ path: at('by'), message: `policy "${name}" is global, so nothing else can tell its requests apart` });
  if (rate > MAXIMUM_RATE_PER_SECOND * perSeconds)
    faults.push({
      path: at('rate'),
      message: `policy "${name}" gives back ${rate} units in ${perSeconds} s; more than ${MAXIMUM_RATE_PER_SECOND} a second cannot be counted`,
    });
  if (burst < cost)
    faults.push({
      path: at(policy.cost === undefined ? 'burst' : 'cost'),
      message: `policy "${name}" would admit nothing: a request costs ${cost}, and there are never more than ${burst}; raise burst`,
    });
  if ((burst * perSeconds) / rate > MAXIMUM_REFILL_SECONDS)
    faults.push({
      path: at(policy.burst === undefined ? 'rate' : 'burst'),
      message: `policy "${name}" needs more than a year until ${burst} units are back; lower burst or raise rate`,
    });
  return faults;
}

function findRedisUrlFault(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'redis:' && url.protocol !== 'rediss:') || url.hostname === '')
    return `"${url ? url.protocol : text}" is not the address of a Redis; write it as redis://name:port/0`;
  // A configuration is shown to operators and kept in a history, so a password has no place in it.
  if (url.username !== '' || url.password !== '')
    return `the address of ${url.host} carries a name or password; use username and passwordFile`;
  if (!/^(\/\d{0,4})?$/.test(url.pathname) || url.search !== '' || url.hash !== '')
    return `"${text}" names no database; end it with its number, for example /0`;
  return undefined;
}
