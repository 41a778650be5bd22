// The configuration document (gateway.yaml) as written, and as it is in force once defaults are resolved.
import type { DrainConfig, DrainDocument } from '../server/drainSection.ts';
import type { TapConfig, TapDocument } from '../tap/tapSection.ts';
import type { TelemetryConfig, TelemetryDocument } from '../telemetry/telemetrySection.ts';

interface TimeoutsDocument {
  connectMs?: number;
  responseHeaderMs?: number;
  idleMs?: number;
  totalMs?: number;
}

interface BreakerDocument {
  windowMs?: number;
  minimumRequests?: number;
  failureShare?: number;
  consecutiveConnectFailures?: number;
  openMs?: number;
  halfOpenTrials?: number;
}

interface UpstreamDocument {
  url: string;
  timeouts?: TimeoutsDocument;
  breaker?: BreakerDocument;
}

export interface RouteDocument {
  id: string;
  paths: string[];
  methods?: string[];
  hosts?: string[];
  upstream: string;
  rewrite?: { prefix: string };
  bodyLimitBytes?: number;
  timeouts?: TimeoutsDocument;
}

export interface ConfigDocument {
  version: 1;
  listen?: { host?: string; port?: number };
  defaults?: { timeouts?: TimeoutsDocument; bodyLimitBytes?: number; breaker?: BreakerDocument };
  upstreams: Record<string, UpstreamDocument>;
  routes: RouteDocument[];
  trustedProxies?: string[];
  redact?: string[];
  drain?: DrainDocument;
  tap?: TapDocument;
  telemetry?: TelemetryDocument;
}

export interface Timeouts {
  /** Until the connection to the upstream stands. */
  readonly connectMs: number;
  /** From forwarding until the upstream's status line. */
  readonly responseHeaderMs: number;
  /** Between two pieces of the answer's body. */
  readonly idleMs: number;
  /** From the request line to the end of the answer; 0 sets no limit (streams of events). */
  readonly totalMs: number;
}

export interface BreakerThresholds {
  readonly windowMs: number;
  readonly minimumRequests: number;
  /** Above 0, at most 1. */
  readonly failureShare: number;
  readonly consecutiveConnectFailures: number;
  readonly openMs: number;
  readonly halfOpenTrials: number;
}

export interface Upstream {
  readonly name: string;
  /** Scheme, host and port, without a trailing slash: `http://search:8002`. */
  readonly origin: string;
  /** `search:8002`, the port always written. */
  readonly authority: string;
  readonly secure: boolean;
  readonly timeouts: Timeouts;
  readonly breaker: BreakerThresholds;
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
  readonly drain: DrainConfig;
  readonly tap: TapConfig;
  readonly telemetry: TelemetryConfig;
}
