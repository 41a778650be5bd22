// From a configuration to what exchanges work with, and into force.
import { createAuthentication } from '../auth/authentication.ts';
import { findTokenFields } from '../auth/findToken.ts';
import { type Clock, systemClock } from '../clock/clock.ts';
import type { GatewayConfig } from '../config/document.ts';
import { createFallbacks } from '../fallback/fallbacks.ts';
import { createTrustedProxies } from '../headers/trustedProxies.ts';
import { readSharedTarget } from '../limits/sharedStore.ts';
import { createHosts, type Hosts } from '../resolve/hosts.ts';
import { listTargets } from '../routes/matchRoute.ts';
import { createRouteIndex } from '../routes/routeIndex.ts';
import { type Log, silentLog } from '../server/log.ts';
import { createRedaction } from '../tap/redact.ts';
import { checkAccessLog } from '../telemetry/accessLog.ts';
import { createTracePolicy } from '../telemetry/tracePolicy.ts';
import { compileRouteSchemas } from '../validation/validationSection.ts';
import type { Core, Revision } from './core.ts';
import { completeAuth, completeLimits, type Surroundings } from './surroundings.ts';

/** Throws what createGateway would throw: a file that the configuration names is not there, for example. */
export function checkConfig(config: GatewayConfig, surroundings: Surroundings = {}): void {
  createRevision(config, { hosts: createHosts({}), log: silentLog, clock: systemClock, surroundings });
}

/** All of it but what is kept over configurations. */
type BuiltRevision = Omit<Revision, 'upstreams'>;

interface RevisionDependencies {
  readonly hosts: Hosts;
  readonly log: Log;
  readonly clock: Clock;
  readonly surroundings: Surroundings;
}

/** Throws when something that the configuration names is not usable. Changes nothing. */
export function createRevision(
  config: GatewayConfig,
  dependencies: RevisionDependencies,
  previous?: Revision,
): BuiltRevision {
  const { hosts, log, clock, surroundings } = dependencies;
  checkAccessLog(config.telemetry.accessLog);
  const auth = createAuthentication(
    completeAuth(config.auth, surroundings),
    { log, resolve: hosts.resolve, env: process.env, now: clock.now, monotonicNow: clock.monotonic },
    previous?.auth,
  );
  compileRouteSchemas(config.routes);
  const { redis } = completeLimits(config.limits, surroundings);
  return {
    config,
    loadedAt: clock.now(),
    proxies: createTrustedProxies(config.trustedProxies),
    auth,
    routes: createRouteIndex(listTargets(config)),
    redaction: createRedaction({
      ...config.telemetry.redact,
      headers: [...config.redact, ...findTokenFields(config.auth.providers)],
    }),
    tracePolicy: createTracePolicy(config.telemetry),
    limitTarget: redis && readSharedTarget(redis),
    fallbacks: createFallbacks(config.routes),
  };
}

/** Everything that can fail is built before the first line of state changes. */
export function putInForce(core: Core, config: GatewayConfig): void {
  const revision = createRevision(config, core, core.revision);
  const routeIds = revision.routes.targets.map((target) => target.id);
  core.counters.reconcile(routeIds);
  core.bodyRoom.limitBytes = config.validation.bufferedBytes;
  core.limits.reconcile(completeLimits(config.limits, core.surroundings), revision.limitTarget);
  core.metrics.reconcile(
    routeIds,
    config.upstreams.map(({ name }) => name),
  );
  core.tap.configure(config.tap);
  core.tracing.reconcile(config.telemetry.traces);
  core.accessLog.reconcile(config.telemetry.accessLog ?? core.accessLogFallback);
  for (const reconcile of core.reconcilers) reconcile(config);
  core.revision = { ...revision, upstreams: core.upstreams.reconcile(config.upstreams) };
  revision.auth.warm();
}
