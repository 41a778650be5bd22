// What the parts of the gateway say of themselves, read at each scrape.
import { Counter, Gauge, type Registry } from 'prom-client';
import type { BreakerState } from '../breaker/breaker.ts';
import type { Core } from '../exchange/core.ts';
import type { Health } from '../health/healthState.ts';
import type { LiveUpstream } from '../upstream/liveUpstream.ts';

const STATES: readonly BreakerState[] = ['closed', 'open', 'half-open'];

type Reading = readonly [labels: Record<string, string>, value: number];

interface Definition {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
  readonly read: (core: Core) => Iterable<Reading>;
}

const HEALTH: readonly Health[] = ['healthy', 'unhealthy', 'unknown'];

const listUpstreams = ({ revision }: Core): LiveUpstream[] => [...revision.upstreams.values()];
const one = (value: number): Reading[] => [[{}, value]];

const GAUGES: readonly Definition[] = [
  {
    name: 'in_flight_requests',
    help: 'Exchanges that are not finished',
    read: ({ live }) => one(live.inFlight),
  },
  {
    name: 'client_connections',
    help: 'Open connections of callers, WebSockets included',
    read: ({ connections }) => one(connections.count),
  },
  {
    name: 'open_websockets',
    help: 'WebSockets that are open or being asked for',
    read: ({ upgrades }) => one(upgrades.open),
  },
  {
    name: 'draining',
    help: '1 from the moment that the gateway is not ready any more, because it is about to end',
    read: ({ live }) => one(live.leaving ? 1 : 0),
  },
  {
    name: 'breaker_state',
    help: '1 for the state that the breaker of the upstream is in, 0 for the others',
    labels: ['upstream', 'state'],
    read: (core) =>
      listUpstreams(core).flatMap(({ name, breaker }) => {
        const current = breaker.snapshot(core.clock.now()).state;
        return STATES.map((state): Reading => [{ upstream: name, state }, state === current ? 1 : 0]);
      }),
  },
  {
    name: 'replica_breaker_state',
    help: '1 for the state that the breaker of one of several replicas is in, 0 for the others',
    labels: ['upstream', 'replica', 'state'],
    read: (core) =>
      listUpstreams(core).flatMap(({ name, replicas }) =>
        replicas.flatMap(({ id, breaker }) => {
          const current = breaker?.snapshot(core.clock.now()).state;
          return current === undefined
            ? []
            : STATES.map((state): Reading => [{ upstream: name, replica: id, state }, state === current ? 1 : 0]);
        }),
      ),
  },
  {
    name: 'breaker_held',
    help: '1 while an operator holds the breaker of the upstream in its state',
    labels: ['upstream'],
    read: (core) =>
      listUpstreams(core).map(({ name, breaker }): Reading => {
        const { forcedUntil } = breaker.snapshot(core.clock.now());
        return [{ upstream: name }, forcedUntil === null ? 0 : 1];
      }),
  },
  {
    name: 'upstream_in_flight_requests',
    help: 'Exchanges that an upstream is busy with',
    labels: ['upstream'],
    read: (core) => listUpstreams(core).map(({ name, places }): Reading => [{ upstream: name }, places.inFlight]),
  },
  {
    name: 'upstream_connections',
    help: 'Connections to an upstream: active ones carry a request, idle ones wait for the next',
    labels: ['upstream', 'state'],
    read: (core) =>
      listUpstreams(core).flatMap(({ name, replicas }): Reading[] => {
        const connections = replicas.flatMap(({ client }) => (client ? [client.connections] : []));
        const idle = connections.reduce((sum, one) => sum + one.idle, 0);
        const open = connections.reduce((sum, one) => sum + one.open, 0);
        return [
          [{ upstream: name, state: 'active' }, open - idle],
          [{ upstream: name, state: 'idle' }, idle],
        ];
      }),
  },
  {
    name: 'upstream_waiting_requests',
    help: 'Requests that wait for a place at their upstream',
    labels: ['upstream'],
    read: (core) => listUpstreams(core).map(({ name, places }): Reading => [{ upstream: name }, places.queued]),
  },
  {
    name: 'upstream_replicas',
    help: 'Replicas of an upstream by what health checks say of them; unknown where nothing checks',
    labels: ['upstream', 'health'],
    read: (core) =>
      listUpstreams(core).flatMap(({ name, replicas }) =>
        HEALTH.map((health): Reading => {
          const count = replicas.filter(({ healthState }) => healthState.health === health).length;
          return [{ upstream: name, health }, count];
        }),
      ),
  },
  {
    name: 'upstream_retries_left',
    help: 'Retries that the budget of the upstream has left at this moment',
    labels: ['upstream'],
    read: (core) =>
      listUpstreams(core).map(({ name, budget }): Reading => [{ upstream: name }, budget.remaining(core.clock.now())]),
  },
  {
    name: 'auth_provider_keys',
    help: 'Keys at hand to verify tokens of a provider with; 0 lets nobody in',
    labels: ['provider'],
    read: ({ revision }) => revision.auth.status().map(({ provider, keys }): Reading => [{ provider }, keys]),
  },
  {
    name: 'auth_provider_keys_failing',
    help: '1 when the last attempt to read the keys of a provider failed',
    labels: ['provider'],
    read: ({ revision }) =>
      revision.auth.status().map(({ provider, failure }): Reading => [{ provider }, failure === null ? 0 : 1]),
  },
  {
    name: 'tap_kept_exchanges',
    help: 'Exchanges that the tap keeps',
    read: ({ tap }) => one(tap.stats().kept),
  },
  {
    name: 'tap_kept_bytes',
    help: 'Memory that the exchanges kept by the tap take, roughly',
    read: ({ tap }) => one(tap.stats().bytes),
  },
  {
    name: 'tap_viewers',
    help: 'Streams of the tap that are open',
    read: ({ tap }) => one(tap.stats().viewers),
  },
  {
    name: 'spans_waiting',
    help: 'Spans that wait to be exported',
    read: ({ tracing }) => one(tracing.counts().queued),
  },
  {
    name: 'config_info',
    help: '1 for the revision of the configuration in force',
    labels: ['revision'],
    read: ({ revision }) => [[{ revision: revision.config.revision }, 1]],
  },
  {
    name: 'config_loaded_timestamp_seconds',
    help: 'When the configuration in force came into force',
    read: ({ revision }) => one(revision.loadedAt / 1_000),
  },
  {
    name: 'config_last_reload_successful',
    help: '1 when the last configuration that was offered is in force, 0 when it was refused',
    read: ({ configs }) => one(configs.lastRefusal === null ? 1 : 0),
  },
  {
    name: 'build_info',
    help: '1 for the version that runs',
    labels: ['version'],
    read: ({ version }) => [[{ version }, 1]],
  },
];

const COUNTERS: readonly Definition[] = [
  {
    name: 'upstream_events_total',
    help: 'What happened at an upstream beside plain answers: retries, retries that the budget refused, waits for a place, refusals for want of one, fixed answers, ejections',
    labels: ['upstream', 'event'],
    read: (core) =>
      listUpstreams(core).flatMap(({ name, totals }): Reading[] => [
        [{ upstream: name, event: 'retry' }, totals.retries],
        [{ upstream: name, event: 'retry_budget_exhausted' }, totals.retryBudgetExhausted],
        [{ upstream: name, event: 'queued' }, totals.queued],
        [{ upstream: name, event: 'saturated' }, totals.saturated],
        [{ upstream: name, event: 'fallback' }, totals.fallbacks],
        [{ upstream: name, event: 'ejection' }, totals.ejections],
      ]),
  },
  {
    name: 'slow_clients_cut_total',
    help: 'Connections that were cut because their body came, or their answer was taken, too slowly',
    labels: ['what'],
    read: ({ connections }) => [
      [{ what: 'body' }, connections.cut.body],
      [{ what: 'answer' }, connections.cut.answer],
    ],
  },
  {
    name: 'tap_lost_events_total',
    help: 'Events that slow viewers of the tap have missed',
    read: ({ tap }) => one(tap.stats().lost),
  },
  {
    name: 'spans_exported_total',
    help: 'Spans that the collector has taken',
    read: ({ tracing }) => one(tracing.counts().exported),
  },
  {
    name: 'spans_dropped_total',
    help: 'Spans that were lost because the queue was full or an export failed',
    labels: ['reason'],
    read: ({ tracing }) => [
      [{ reason: 'queue_full' }, tracing.counts().droppedQueueFull],
      [{ reason: 'export_failed' }, tracing.counts().droppedExportFailed],
    ],
  },
  {
    name: 'access_log_lines_total',
    help: 'Lines of the access log that were handed to its file or stream',
    read: ({ accessLog }) => one(accessLog.counts().written),
  },
  {
    name: 'access_log_dropped_lines_total',
    help: 'Lines of the access log that were lost because its file or stream was too slow or failed',
    read: ({ accessLog }) => one(accessLog.counts().dropped),
  },
  {
    name: 'config_reloads_total',
    help: 'Configurations that were offered since the start, by what became of them',
    labels: ['outcome'],
    read: ({ configs }) => [
      [{ outcome: 'applied' }, configs.applied],
      [{ outcome: 'refused' }, configs.refused],
    ],
  },
];

export function registerStateMetrics(registry: Registry, getCore: () => Core): void {
  for (const { name, help, labels = [], read } of GAUGES)
    new Gauge({
      name: `gatehouse_gateway_${name}`,
      help,
      labelNames: labels,
      registers: [registry],
      collect() {
        // What is no longer configured must not keep its last value.
        this.reset();
        for (const [own, value] of read(getCore())) this.set(own, value);
      },
    });
  for (const { name, help, labels = [], read } of COUNTERS)
    new Counter({
      name: `gatehouse_gateway_${name}`,
      help,
      labelNames: labels,
      registers: [registry],
      collect() {
        this.reset();
        for (const [own, value] of read(getCore())) this.inc(own, value);
      },
    });
}
