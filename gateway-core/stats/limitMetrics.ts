// What /metrics says of the limits. Labels are names of policies, which a configuration bounds.
import { Counter, Gauge, type Registry } from 'prom-client';
import type { LimitsView } from '../limits/limitsView.ts';

const STORE_STATES = ['memory', 'shared', 'fallback'] as const;

/** `view` is read at each scrape, once a metric. */
export function registerLimitMetrics(registers: Registry[], view: () => LimitsView): void {
  new Gauge({
    name: 'gatehouse_gateway_limit_store',
    help: '1 for where limits are counted: memory (by each gateway, as configured), shared (Redis), fallback (Redis does not answer)',
    labelNames: ['state'],
    registers,
    collect() {
      const current = view().store.state;
      for (const state of STORE_STATES) this.set({ state }, state === current ? 1 : 0);
    },
  });
  new Gauge({
    name: 'gatehouse_gateway_limit_keys',
    help: 'Keys that the policy remembers in this gateway',
    labelNames: ['policy'],
    registers,
    collect() {
      this.reset();
      for (const { name, keys } of view().policies) this.set({ policy: name }, keys);
    },
  });
  createCounter(registers, {
    name: 'gatehouse_gateway_limit_decisions_total',
    help: 'Requests that the policy admitted (and charged) or refused',
    labelNames: ['policy', 'outcome'],
    read: () =>
      view().policies.flatMap(({ name, admitted, refused }) => [
        [{ policy: name, outcome: 'admitted' }, admitted],
        [{ policy: name, outcome: 'refused' }, refused],
      ]),
  });
  createCounter(registers, {
    name: 'gatehouse_gateway_limit_forgotten_keys_total',
    help: 'Keys that were given up although they still owed something, since the policy had too many',
    labelNames: ['policy'],
    read: () => view().policies.map(({ name, forgotten }) => [{ policy: name }, forgotten]),
  });
  createCounter(registers, {
    name: 'gatehouse_gateway_limit_local_decisions_total',
    help: 'Decisions of this gateway alone although Redis is configured',
    labelNames: [],
    read: () => [[{}, view().store.localDecisions]],
  });
  createCounter(registers, {
    name: 'gatehouse_gateway_cap_refusals_total',
    help: 'Connections and requests refused because their client holds as many as it may',
    labelNames: ['kind'],
    read: () => {
      const { refusedConnections, refusedRequests } = view().caps;
      return [
        [{ kind: 'connection' }, refusedConnections],
        [{ kind: 'request' }, refusedRequests],
      ];
    },
  });
}

interface ReadCounter {
  readonly name: string;
  readonly help: string;
  readonly labelNames: string[];
  readonly read: () => [labels: Record<string, string>, value: number][];
}

/** A counter whose value is kept elsewhere. */
function createCounter(registers: Registry[], { name, help, labelNames, read }: ReadCounter): void {
  new Counter({
    name,
    help,
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const [labels, value] of read()) this.inc(labels, value);
    },
  });
}
