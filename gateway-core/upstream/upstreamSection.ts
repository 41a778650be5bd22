// The configuration's `upstreams` section: where an upstream's replicas are, and how requests are spread over them.
import {
  type BreakerDocument,
  type BreakerThresholds,
  breakerFragment,
  findBreakerFaults,
  resolveBreaker,
} from '../breaker/breakerSection.ts';
import type { Fault } from '../config/semantics.ts';
import {
  findOutlierFaults,
  type HealthCheckDocument,
  type HealthCheckPolicy,
  healthCheckFragment,
  type OutlierDocument,
  type OutlierPolicy,
  outlierFragment,
  resolveHealthCheck,
  resolveOutlier,
} from '../health/healthSection.ts';
import {
  type RetryBudgetDocument,
  type RetryBudgetPolicy,
  resolveRetryBudget,
  retryBudgetFragment,
} from '../retry/retrySection.ts';
import {
  resolveTimeouts,
  type Timeouts,
  type TimeoutsDocument,
  timeoutsFragment,
} from '../transport/timeoutsSection.ts';

interface ReplicaDocument {
  url: string;
  weight?: number;
}

interface DnsDocument {
  name: string;
  port: number;
  secure?: boolean;
  refreshMs?: number;
}

interface BalanceDocument {
  slowStartMs?: number;
  panicShare?: number;
}

interface ConcurrencyDocument {
  maxInFlight?: number;
  maxQueued?: number;
  maxQueueMs?: number;
}

/** What may stand under an upstream and, for all of them, under `defaults`. */
export interface UpstreamPolicyDocument {
  timeouts?: TimeoutsDocument;
  breaker?: BreakerDocument;
  balance?: BalanceDocument;
  outlier?: OutlierDocument;
  healthCheck?: HealthCheckDocument;
  concurrency?: ConcurrencyDocument;
  retryBudget?: RetryBudgetDocument;
}

export interface UpstreamDocument extends UpstreamPolicyDocument {
  url?: string;
  replicas?: ReplicaDocument[];
  dns?: DnsDocument;
}

/** Where one replica is, as configured or as DNS says. */
export interface Endpoint {
  /** `host:port`, which is the stable id of the replica and what is dialled, unless the hosts file says otherwise. */
  readonly authority: string;
  /** What its Host field says. */
  readonly host: string;
  readonly weight: number;
}

export interface DnsPolicy {
  readonly name: string;
  readonly port: number;
  /** The longest time until it is asked again; an answer that is valid for less is asked for earlier. */
  readonly refreshMs: number;
}

export interface BalancePolicy {
  /** How long a replica that is new or healthy again gets less than its share; 0 for none. */
  readonly slowStartMs: number;
  /** With fewer healthy replicas than this share, all are used; 0 for never. */
  readonly panicShare: number;
}

export interface ConcurrencyPolicy {
  readonly maxInFlight: number;
  readonly maxQueued: number;
  readonly maxQueueMs: number;
}

export interface Upstream {
  readonly name: string;
  /** Scheme, host and port, without a trailing slash: `http://search:8002`; of several replicas, that of the first. */
  readonly origin: string;
  /** `search:8002`, the port always written. */
  readonly authority: string;
  readonly secure: boolean;
  /** Empty when DNS says where they are. */
  readonly endpoints: readonly Endpoint[];
  readonly dns: DnsPolicy | null;
  readonly timeouts: Timeouts;
  readonly breaker: BreakerThresholds;
  readonly balance: BalancePolicy;
  readonly outlier: OutlierPolicy | null;
  readonly healthCheck: HealthCheckPolicy | null;
  readonly concurrency: ConcurrencyPolicy;
  readonly retryBudget: RetryBudgetPolicy;
}

const url = { type: 'string', minLength: 1, maxLength: 1024, description: 'http://name:port, without a path' };
const milliseconds = { type: 'integer', minimum: 1, maximum: 3_600_000 };

/** The keys that `defaults` and every upstream have in common. */
export const upstreamPolicyFragments = {
  timeouts: timeoutsFragment,
  breaker: breakerFragment,
  balance: {
    type: 'object',
    additionalProperties: false,
    description: 'How requests are spread over replicas: the less busy of two taken at random',
    properties: {
      slowStartMs: {
        type: 'integer',
        minimum: 0,
        maximum: 3_600_000,
        description: 'How long a replica that is new or healthy again gets less than its share; 0 for none',
      },
      panicShare: {
        type: 'number',
        minimum: 0,
        maximum: 1,
        description: 'With fewer healthy replicas than this share, all are used; 0 for never',
      },
    },
  },
  outlier: outlierFragment,
  healthCheck: healthCheckFragment,
  concurrency: {
    type: 'object',
    additionalProperties: false,
    description: 'How many requests an upstream gets at a time, and how many wait for their turn',
    properties: {
      maxInFlight: {
        type: 'integer',
        minimum: 1,
        maximum: 65_536,
        description: 'Requests at a time, streams included',
      },
      maxQueued: { type: 'integer', minimum: 0, maximum: 65_536, description: 'Requests that wait; 0 for none' },
      maxQueueMs: { ...milliseconds, description: 'How long one waits at most' },
    },
  },
  retryBudget: retryBudgetFragment,
};

export const upstreamFragment = {
  type: 'object',
  additionalProperties: false,
  description: 'A service that requests are forwarded to: one of url, replicas and dns says where it is',
  properties: {
    url,
    replicas: {
      type: 'array',
      minItems: 1,
      maxItems: 256,
      description: 'Several addresses of the same service',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['url'],
        properties: {
          url,
          weight: { type: 'integer', minimum: 1, maximum: 1000, description: 'Its share beside the others; 1' },
        },
      },
    },
    dns: {
      type: 'object',
      additionalProperties: false,
      required: ['name', 'port'],
      description: 'Every address of a name is a replica',
      properties: {
        name: {
          type: 'string',
          pattern: '^[A-Za-z0-9_]([A-Za-z0-9._-]{0,252}[A-Za-z0-9_])?$',
          description: 'For example the name of a compose service',
        },
        port: { type: 'integer', minimum: 1, maximum: 65_535, description: 'The port of every replica' },
        secure: { type: 'boolean', description: 'https rather than http' },
        refreshMs: {
          type: 'integer',
          minimum: 100,
          maximum: 3_600_000,
          description: 'The longest time until the name is asked for again; 5000',
        },
      },
    },
    ...upstreamPolicyFragments,
  },
};

const BALANCE: BalancePolicy = { slowStartMs: 0, panicShare: 0.5 };
const CONCURRENCY: ConcurrencyPolicy = { maxInFlight: 1_024, maxQueued: 256, maxQueueMs: 1_000 };
const REFRESH_MS = 5_000;

/** The narrower wins: the upstream over the document's defaults over ours. */
export function resolveUpstream(
  name: string,
  document: UpstreamDocument,
  defaults: UpstreamPolicyDocument = {},
): Upstream {
  return {
    name,
    ...resolvePlace(document),
    timeouts: resolveTimeouts(defaults.timeouts, document.timeouts),
    breaker: resolveBreaker(defaults.breaker, document.breaker),
    balance: { ...BALANCE, ...defaults.balance, ...document.balance },
    outlier: resolveOutlier(defaults.outlier, document.outlier),
    healthCheck: resolveHealthCheck(defaults.healthCheck, document.healthCheck),
    concurrency: { ...CONCURRENCY, ...defaults.concurrency, ...document.concurrency },
    retryBudget: resolveRetryBudget(defaults.retryBudget, document.retryBudget),
  };
}

type Place = Pick<Upstream, 'origin' | 'authority' | 'secure' | 'endpoints' | 'dns'>;

function resolvePlace({ url: single, replicas, dns }: UpstreamDocument): Place {
  if (dns) {
    const secure = dns.secure ?? false;
    const authority = `${dns.name}:${dns.port}`;
    const policy = { name: dns.name, port: dns.port, refreshMs: dns.refreshMs ?? REFRESH_MS };
    return { origin: `${secure ? 'https' : 'http'}://${authority}`, authority, secure, endpoints: [], dns: policy };
  }
  const places = (replicas ?? [{ url: single ?? '' }]).map((replica) => ({ ...replica, url: new URL(replica.url) }));
  const endpoints = places.map(({ url: place, weight = 1 }): Endpoint => {
    const authority = toAuthority(place);
    return { authority, host: authority, weight };
  });
  const first = places[0]?.url ?? new URL('http://nowhere');
  const secure = first.protocol === 'https:';
  return { origin: first.origin, authority: endpoints[0]?.authority ?? '', secure, endpoints, dns: null };
}

function toAuthority(place: URL): string {
  return `${place.hostname}:${place.port || (place.protocol === 'https:' ? '443' : '80')}`;
}

export function findUpstreamFaults(name: string, upstream: UpstreamDocument): Fault[] {
  const path: Fault['path'] = ['upstreams', name];
  return [
    ...findPlaceFaults(name, upstream, path),
    ...findBreakerFaults(upstream.breaker, [...path, 'breaker']),
    ...findOutlierFaults(upstream.outlier, [...path, 'outlier']),
  ];
}

function findPlaceFaults(name: string, upstream: UpstreamDocument, path: Fault['path']): Fault[] {
  const given = (['url', 'replicas', 'dns'] as const).filter((key) => upstream[key] !== undefined);
  if (given.length !== 1) {
    const said = given.length === 0 ? 'has no address' : `has ${given.join(' and ')}`;
    return [{ path, message: `the upstream "${name}" ${said}; give exactly one of url, replicas and dns` }];
  }
  const single = upstream.url === undefined ? undefined : findUrlFault(upstream.url);
  const faults = single === undefined ? [] : [{ path: [...path, 'url'], message: single }];
  return [...faults, ...findReplicaFaults(upstream.replicas ?? [], [...path, 'replicas'])];
}

function findReplicaFaults(replicas: readonly ReplicaDocument[], path: Fault['path']): Fault[] {
  const seen = new Map<string, number>();
  let scheme: string | undefined;
  return replicas.flatMap((replica, index): Fault[] => {
    const at = [...path, index, 'url'];
    const message = findUrlFault(replica.url);
    if (message !== undefined) return [{ path: at, message }];
    const place = new URL(replica.url);
    scheme ??= place.protocol;
    if (place.protocol !== scheme)
      return [{ path: at, message: `"${replica.url}" is not ${scheme.slice(0, -1)} like the first replica; use one` }];
    const first = seen.get(toAuthority(place));
    if (first !== undefined)
      return [{ path: at, message: `"${replica.url}" is replicas[${first}] already; give it a weight instead` }];
    seen.set(toAuthority(place), index);
    return [];
  });
}

function findUrlFault(text: string): string | undefined {
  const place = URL.canParse(text) ? new URL(text) : undefined;
  if (!place) return `"${text}" is not a URL; write it as http://name:port`;
  if (place.protocol !== 'http:' && place.protocol !== 'https:')
    return `"${text}" has the scheme ${place.protocol.slice(0, -1)}; only http and https are forwarded to`;
  if (place.username !== '' || place.password !== '')
    return `"${place.host}" carries a name and password in its URL; remove them`;
  if (place.pathname !== '/' || place.search !== '' || place.hash !== '')
    return `"${text}" has a path or query; an upstream is only an address, so put the path in the route's rewrite.prefix`;
  return undefined;
}
