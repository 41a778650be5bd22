// What can be known of a stack's entry, whichever program it is, and why the rest cannot. Pure.
import { type Connection, type GatewayAbilities, gatewayCapabilities } from '../../contract/index.ts';

export interface EntryFacts {
  readonly gateway: Connection;
  /** The gateway's service, where the topology has one. */
  readonly gatewayService: string | null;
  /** The edge whose access log is read; undefined: there is none. */
  readonly edge: string | undefined;
}

type Capability = GatewayAbilities['capabilities'][keyof GatewayAbilities['capabilities']];
const there: Capability = { isThere: true, why: null };
const toMissing = (why: string): Capability => ({ isThere: false, why });

/** By an access log alone. */
const whyNotByLog: Record<(typeof gatewayCapabilities)[number], string> = {
  routes: "which route a request took is in the edge's configuration, which Gatehouse does not read",
  explain: 'only a gateway that runs its own stages can say how it would decide',
  tap: 'the access log has one line a request: no headers, no stages, no bodies',
  breakers: 'the edge has none that tell of themselves',
  limits: "the edge's limits are in its configuration; that they refused shows as 429",
  config: 'the edge is configured by files, and is not changed from here',
};

export function toAbilities({ gateway, gatewayService, edge }: EntryFacts): GatewayAbilities {
  const toAll = (read: (name: (typeof gatewayCapabilities)[number]) => Capability) =>
    Object.fromEntries(gatewayCapabilities.map((name) => [name, read(name)])) as GatewayAbilities['capabilities'];
  if (gateway.state !== 'absent') {
    const one = gateway.state === 'live' ? there : toMissing(gateway.problem?.message ?? 'it is being connected to');
    return { kind: 'gatehouse', service: gatewayService, capabilities: toAll(() => one), traffic: one };
  }
  if (edge !== undefined) {
    return { kind: 'edge', service: edge, capabilities: toAll((name) => toMissing(whyNotByLog[name])), traffic: there };
  }
  const none = toMissing(
    gateway.problem?.message ?? 'the stack has neither a gateway nor an edge that Gatehouse knows',
  );
  return { kind: 'none', service: null, capabilities: toAll(() => none), traffic: none };
}
