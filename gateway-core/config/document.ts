// The configuration document (gateway.yaml) as written, and as it is in force once defaults are resolved.
import type { FallbackDocument, FallbackPolicy } from '../fallback/fallbackSection.ts';
import type { RetryDocument, RetryPolicy } from '../retry/retrySection.ts';
import type { Timeouts, TimeoutsDocument } from '../transport/timeoutsSection.ts';
import type { Upstream, UpstreamDocument, UpstreamPolicyDocument } from '../upstream/upstreamSection.ts';

export type { BreakerThresholds } from '../breaker/breakerSection.ts';
export type { Timeouts } from '../transport/timeoutsSection.ts';
export type { Upstream } from '../upstream/upstreamSection.ts';

export interface RouteDocument {
  id: string;
  paths: string[];
  methods?: string[];
  hosts?: string[];
  upstream: string;
  rewrite?: { prefix: string };
  bodyLimitBytes?: number;
  timeouts?: TimeoutsDocument;
  retry?: RetryDocument;
  fallback?: FallbackDocument;
}

export interface ConfigDocument {
  version: 1;
  listen?: { host?: string; port?: number };
  defaults?: UpstreamPolicyDocument & { bodyLimitBytes?: number; retry?: RetryDocument };
  upstreams: Record<string, UpstreamDocument>;
  routes: RouteDocument[];
  trustedProxies?: string[];
  redact?: string[];
  tap?: { capacityBytes?: number; slowMs?: number };
}

export interface Route {
  readonly id: string;
  /** Prefixes without a trailing slash; `/` matches everything. */
  readonly paths: readonly string[];
  readonly methods: readonly string[] | null;
  /** Lower case; `*.example.com` matches every name below example.com. */
  readonly hosts: readonly string[] | null;
  readonly upstream: Upstream;
  /** What replaces the matched prefix; null keeps the path as it is. */
  readonly rewritePrefix: string | null;
  readonly bodyLimitBytes: number;
  readonly timeouts: Timeouts;
  readonly retry: RetryPolicy | null;
  readonly fallback: FallbackPolicy | null;
  /** Why the route stands at its place of the order. */
  readonly orderReason: string;
}

/** A valid configuration with every default filled in; routes are in the order in which they are tried. */
export interface GatewayConfig {
  /** Short hash of everything below. */
  readonly revision: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly upstreams: readonly Upstream[];
  readonly routes: readonly Route[];
  readonly trustedProxies: readonly string[];
  /** Lower-case header names whose values never reach the tap. */
  readonly redact: readonly string[];
  readonly tap: { readonly capacityBytes: number; readonly slowMs: number };
}
