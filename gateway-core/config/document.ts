// The configuration document (gateway.yaml) as written, and as it is in force once defaults are resolved.
import type { AuthConfig, AuthDocument, RouteAuth, RouteAuthDocument } from '../auth/authSection.ts';
import type { FallbackDocument, FallbackPolicy } from '../fallback/fallbackSection.ts';
import type { Forwarding, ForwardingDocument, HeadersDocument, RouteHeaders } from '../headers/headersSection.ts';
import type { LimitsConfig, LimitsDocument, RouteLimits } from '../limits/limitsSection.ts';
import type { RetryDocument, RetryPolicy } from '../retry/retrySection.ts';
import type { Orderable } from '../routes/routeOrder.ts';
import type { RedirectTarget, RouteMatchDocument } from '../routes/routesSection.ts';
import type { DrainConfig, DrainDocument } from '../server/drainSection.ts';
import type { ServerDocument, ServerLimits } from '../server/serverSection.ts';
import type { TapConfig, TapDocument } from '../tap/tapSection.ts';
import type { TelemetryConfig, TelemetryDocument } from '../telemetry/telemetrySection.ts';
import type { Timeouts, TimeoutsDocument } from '../transport/timeoutsSection.ts';
import type { WebsocketDocument, WebsocketLimits } from '../transport/upgradeSection.ts';
import type { Upstream, UpstreamDocument, UpstreamPolicyDocument } from '../upstream/upstreamSection.ts';
import type {
  ValidateDocument,
  ValidationConfig,
  ValidationDocument,
  ValidationRule,
} from '../validation/validationSection.ts';

export type { BreakerThresholds } from '../breaker/breakerSection.ts';
export type { Timeouts } from '../transport/timeoutsSection.ts';
export type { Upstream } from '../upstream/upstreamSection.ts';

export interface RouteDocument extends RouteMatchDocument {
  headers?: HeadersDocument;
  websocket?: WebsocketDocument;
  bodyLimitBytes?: number;
  timeouts?: TimeoutsDocument;
  auth?: RouteAuthDocument;
  limits?: string[];
  validate?: ValidateDocument[];
  retry?: RetryDocument;
  fallback?: FallbackDocument;
}

export interface ConfigDocument {
  version: 1;
  listen?: { host?: string; port?: number };
  server?: ServerDocument;
  forwarding?: ForwardingDocument;
  defaults?: UpstreamPolicyDocument & {
    bodyLimitBytes?: number;
    headers?: HeadersDocument;
    websocket?: WebsocketDocument;
    limits?: string[];
    retry?: RetryDocument;
  };
  limits?: LimitsDocument;
  validation?: ValidationDocument;
  upstreams: Record<string, UpstreamDocument>;
  routes: RouteDocument[];
  auth?: AuthDocument;
  trustedProxies?: string[];
  redact?: string[];
  drain?: DrainDocument;
  tap?: TapDocument;
  telemetry?: TelemetryDocument;
}

/** What a request has to be like to go by a route or a redirect. */
interface RouteMatch extends Orderable {
  /** Place in the order in which routes and redirects are tried, from 1. */
  readonly order: number;
  /** Why it stands there. */
  readonly orderReason: string;
}

export interface Route extends RouteMatch {
  readonly upstream: Upstream;
  /** What replaces the matched prefix; null keeps it. */
  readonly rewritePrefix: string | null;
  /** What replaces the whole path, with variables of the template that matched; null keeps it. */
  readonly rewriteTemplate: string | null;
  readonly headers: RouteHeaders;
  readonly websocket: WebsocketLimits;
  readonly bodyLimitBytes: number;
  readonly timeouts: Timeouts;
  /** null: the route takes everybody and looks at no token. */
  readonly auth: RouteAuth | null;
  readonly limits: RouteLimits;
  readonly validate: readonly ValidationRule[];
  readonly retry: RetryPolicy | null;
  readonly fallback: FallbackPolicy | null;
}

/** A route that answers by itself; it has no upstream. */
export interface Redirect extends RouteMatch {
  readonly redirect: RedirectTarget;
}

/** A valid configuration with every default filled in; routes are in the order in which they are tried. */
export interface GatewayConfig {
  /** Short hash of everything below. */
  readonly revision: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly upstreams: readonly Upstream[];
  readonly routes: readonly Route[];
  readonly auth: AuthConfig;
  readonly limits: LimitsConfig;
  readonly validation: ValidationConfig;
  /** Tried among the routes, each at its `order`. */
  readonly redirects: readonly Redirect[];
  readonly server: ServerLimits;
  readonly forwarding: Forwarding;
  readonly trustedProxies: readonly string[];
  /** Lower-case header names whose values never reach the tap. */
  readonly redact: readonly string[];
  readonly drain: DrainConfig;
  readonly tap: TapConfig;
  readonly telemetry: TelemetryConfig;
}
