// What all exchanges of one gateway share. Built once by createGateway; nothing here is global.
import type { GatewayConfig } from '../config/document.ts';
import type { Fallback } from '../fallback/fallbacks.ts';
import type { HeaderList } from '../headers/headerList.ts';
import type { TrustedProxies } from '../headers/trustedProxies.ts';
import type { Hosts } from '../resolve/hosts.ts';
import type { Log } from '../server/log.ts';
import type { Counters } from '../stats/counters.ts';
import type { Metrics } from '../stats/metrics.ts';
import type { Tap } from '../tap/tap.ts';
import type { Deadlines } from '../transport/deadlines.ts';
import type { Upgrades } from '../transport/upgrade.ts';
import type { LiveUpstream } from '../upstream/liveUpstream.ts';
import type { Upstreams } from '../upstream/upstreams.ts';

/** A configuration in force, with everything that was built from it. An exchange keeps the one that it began with. */
export interface Revision {
  readonly config: GatewayConfig;
  /** Epoch ms at which it came into force. */
  readonly loadedAt: number;
  readonly proxies: TrustedProxies;
  readonly redact: (headers: HeaderList) => [string, string][];
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
  /** Replaced as a whole by replaceConfig, never changed. */
  revision: Revision;
  readonly log: Log;
  /** By upstream, limited: an upstream that fails a thousand times a second must not fill the disk. */
  readonly warnOfUpstream: (upstream: string, message: string, fields: Record<string, unknown>) => void;
  readonly upstreams: Upstreams;
  readonly hosts: Hosts;
  readonly deadlines: Deadlines;
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
  draining: boolean;
}
