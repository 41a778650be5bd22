// What all exchanges of one gateway share. Built once by createGateway; nothing here is global.
import type { Authentication } from '../auth/authentication.ts';
import type { Breakers } from '../breaker/breakers.ts';
import type { GatewayConfig } from '../config/document.ts';
import type { HeaderList } from '../headers/headerList.ts';
import type { TrustedProxies } from '../headers/trustedProxies.ts';
import type { Limits } from '../limits/limits.ts';
import type { SharedTarget } from '../limits/sharedStore.ts';
import type { Hosts } from '../resolve/hosts.ts';
import type { RouteIndex } from '../routes/routeIndex.ts';
import type { Log } from '../server/log.ts';
import type { Counters } from '../stats/counters.ts';
import type { Metrics } from '../stats/metrics.ts';
import type { Tap } from '../tap/tap.ts';
import type { Pools } from '../transport/pools.ts';
import type { Upgrades } from '../transport/upgrade.ts';

/** A configuration in force, with everything that was built from it. An exchange keeps the one that it began with. */
export interface Revision {
  readonly config: GatewayConfig;
  /** Epoch ms at which it came into force. */
  readonly loadedAt: number;
  readonly proxies: TrustedProxies;
  readonly auth: Authentication;
  readonly routes: RouteIndex;
  readonly redact: (headers: HeaderList) => [string, string][];
  /** The Redis that limits are counted in; null when each gateway counts for itself. */
  readonly limitTarget: SharedTarget | null;
}

export interface Core {
  /** The name of this gateway in tap and stats. */
  readonly name: string;
  readonly version: string;
  readonly startedAt: number;
  /** Replaced as a whole by replaceConfig, never changed. */
  revision: Revision;
  readonly log: Log;
  /** By upstream, limited: an upstream that fails a thousand times a second must not fill the disk. */
  readonly warnOfUpstream: (upstream: string, message: string, fields: Record<string, unknown>) => void;
  readonly breakers: Breakers;
  readonly limits: Limits;
  readonly hosts: Hosts;
  readonly pools: Pools;
  readonly upgrades: Upgrades;
  readonly tap: Tap;
  readonly counters: Counters;
  readonly metrics: Metrics;
  /** Changes while it runs. */
  readonly live: Live;
}

export interface Live {
  sequence: number;
  inFlight: number;
  readonly inFlightByUpstream: Map<string, number>;
  draining: boolean;
}
