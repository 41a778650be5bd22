// The configuration document (gateway.yaml) as written, and as it is in force once defaults are resolved.
import type { AuthConfig, AuthDocument, RouteAuth, RouteAuthDocument } from '../auth/authSection.ts';
import type { Forwarding, ForwardingDocument, HeadersDocument, RouteHeaders } from '../headers/headersSection.ts';
import type { LimitsConfig, LimitsDocument, RouteLimits } from '../limits/limitsSection.ts';
import type { Orderable } from '../routes/routeOrder.ts';
import type { RedirectTarget, RouteMatchDocument } from '../routes/routesSection.ts';
import type { DrainConfig, DrainDocument } from '../server/drainSection.ts';
import type { ServerDocument, ServerLimits } from '../server/serverSection.ts';
import type { TapConfig, TapDocument } from '../tap/tapSection.ts';
import type { TelemetryConfig, TelemetryDocument } from '../telemetry/telemetrySection.ts';
import type { WebsocketDocument, WebsocketLimits } from '../transport/upgradeSection.ts';
import type {
  ValidateDocument,
  ValidationConfig,
  ValidationDocument,
  ValidationRule,
} from '../validation/validationSection.ts';

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

export interface RouteDocument extends RouteMatchDocument {
  headers?: HeadersDocument;
  websocket?: WebsocketDocument;
  bodyLimitBytes?: number;
  timeouts?: TimeoutsDocument;
  auth?: RouteAuthDocument;
  limits?: string[];
  validate?: ValidateDocument[];
}

export interface ConfigDocument {
  version: 1;
  listen?: { host?: string; port?: number };
  server?: ServerDocument;
  forwarding?: ForwardingDocument;
  defaults?: {
    timeouts?: TimeoutsDocument;
    bodyLimitBytes?: number;
    breaker?: BreakerDocument;
    headers?: HeadersDocument;
    websocket?: WebsocketDocument;
    limits?: string[];
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
