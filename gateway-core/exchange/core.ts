// What all exchanges of one gateway share. Built once by createGateway; nothing here is global.
import type { Authentication } from '../auth/authentication.ts';
import type { Clock } from '../clock/clock.ts';
import type { GatewayConfig } from '../config/document.ts';
import type { ConfigFile } from '../control/configFile.ts';
import type { Configs } from '../control/configs.ts';
import type { GatewayEvents } from '../events/gatewayEvents.ts';
import type { Fallback } from '../fallback/fallbacks.ts';
import type { TrustedProxies } from '../headers/trustedProxies.ts';
import type { Limits } from '../limits/limits.ts';
import type { SharedTarget } from '../limits/sharedStore.ts';
import type { Replays } from '../replay/replays.ts';
import type { Hosts } from '../resolve/hosts.ts';
import type { BindAddress } from '../resolve/ports.ts';
import type { RouteIndex } from '../routes/routeIndex.ts';
import type { Connections } from '../server/connections.ts';
import type { Log } from '../server/log.ts';
import type { Counters } from '../stats/counters.ts';
import type { Metrics } from '../stats/metrics.ts';
import type { Redaction } from '../tap/redact.ts';
import type { Tap } from '../tap/tap.ts';
import type { AccessLog } from '../telemetry/accessLog.ts';
import type { AccessLogConfig } from '../telemetry/telemetrySection.ts';
import type { TracePolicy } from '../telemetry/tracePolicy.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import type { BodyRoom } from '../transport/bufferBody.ts';
import type { Deadlines } from '../transport/deadlines.ts';
import type { Upgrades } from '../transport/upgrade.ts';
import type { LiveUpstream } from '../upstream/liveUpstream.ts';
import type { Upstreams } from '../upstream/upstreams.ts';
import type { Surroundings } from './surroundings.ts';

/** A configuration in force, with everything that was built from it. An exchange keeps the one that it began with. */
export interface Revision {
  readonly config: GatewayConfig;
  /** Epoch ms at which it came into force. */
  readonly loadedAt: number;
  readonly proxies: TrustedProxies;
  readonly auth: Authentication;
  readonly routes: RouteIndex;
  readonly redaction: Redaction;
  readonly tracePolicy: TracePolicy;
  /** The Redis that limits are counted in; null when each gateway counts for itself. */
  readonly limitTarget: SharedTarget | null;
  /** By route id. */
  readonly fallbacks: ReadonlyMap<string, Fallback>;
  /** By name; an exchange of an earlier configuration still finds those that are gone from the one in force. */
  readonly upstreams: ReadonlyMap<string, LiveUpstream>;
}

export interface Core {
  /** The name of this gateway in tap and stats. */
  readonly name: string;
  readonly version: string;
  readonly startedAt: number;
  /** Eight hex digits, others in each run: numbers that count up mean nothing to another one. */
  readonly run: string;
  readonly clock: Clock;
  /** Replaced as a whole by replaceConfig, never changed. */
  revision: Revision;
  readonly log: Log;
  /** Counts where the configuration says nothing of it. */
  readonly surroundings: Surroundings;
  /** By upstream, limited: an upstream that fails a thousand times a second must not fill the disk. */
  readonly warnOfUpstream: (upstream: string, message: string, fields: Record<string, unknown>) => void;
  readonly events: GatewayEvents;
  readonly configs: Configs;
  /** undefined: the configuration does not come from a file. */
  readonly configFile: ConfigFile | undefined;
  readonly connections: Connections;
  /** Called with each configuration that comes into force, in the same turn. */
  readonly reconcilers: ((config: GatewayConfig) => void)[];
  readonly limits: Limits;
  readonly bodyRoom: BodyRoom;
  readonly upstreams: Upstreams;
  readonly hosts: Hosts;
  readonly deadlines: Deadlines;
  readonly upgrades: Upgrades;
  readonly tap: Tap;
  readonly tracing: Tracing;
  /** Requests that an operator sends again. */
  readonly replays: Replays;
  readonly accessLog: AccessLog;
  /** Where the access log goes when the configuration says nothing of it. */
  readonly accessLogFallback: AccessLogConfig | null;
  readonly counters: Counters;
  readonly metrics: Metrics;
  /** Changes while it runs. */
  readonly live: Live;
}

export interface Live {
  /** Where the data port is bound; null before that. */
  address: BindAddress | null;
  sequence: number;
  inFlight: number;
  /** Not ready any more, and still serving. */
  leaving: boolean;
  /** Takes nothing new. */
  draining: boolean;
}
