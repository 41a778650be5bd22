// What the gateway of one environment says: every replica asked, fanned out, and shown as one.
import {
  type Breaker,
  type Connection,
  type ExchangeDetail,
  type ExplainInput,
  type Explanation,
  GatehouseError,
  type GatewayAbout,
  type GatewayStats,
  type Problem,
  type RouteTable,
} from '../../contract/index.ts';
import type { Engine } from '../docker/engine.ts';
import { createLiveValue, isSameJson, type LiveValue } from '../stream/liveValue.ts';
import type { TapEvent } from './adminClient.ts';
import { toGatewayAbout } from './gatewayAbout.ts';
import type { GatewayPlace, ReplicaAddress } from './gatewayPlace.ts';
import { mergeBreakers, mergeRoutes } from './mergeReplicas.ts';
import { createReplica, type Replica } from './replica.ts';
import { openReach, toReplicaKey } from './replicaReach.ts';

export interface GatewaySource {
  readonly connection: LiveValue<Connection>;
  /** Each replica as it is reached now. */
  readonly about: LiveValue<GatewayAbout>;
  /** The last table known. */
  readonly routes: LiveValue<RouteTable | undefined>;
  /** undefined while no replica answers: a breaker's last known state is not its state. */
  readonly breakers: LiveValue<Breaker[] | undefined>;
  /** Called once a poll with what each live replica counted. */
  onStats(listener: (stats: readonly GatewayStats[]) => void): () => void;
  /** Every event of every replica's tap. */
  onTap(listener: (event: TapEvent) => void): () => void;
  /** Where the gateway's replicas are now; called whenever the containers change. */
  setPlace(place: GatewayPlace): void;
  explain(input: ExplainInput): Promise<Explanation>;
  detail(id: string): Promise<ExchangeDetail>;
  /** What each live replica says at /metrics; those that do not answer are left out, and then it is not complete. */
  expose(): Promise<{ replicas: { name: string; text: string }[]; isComplete: boolean }>;
  /** The configuration in force on one replica, with its defaults; secrets are masked by the gateway. */
  config(): Promise<unknown>;
  close(): Promise<void>;
}

export interface GatewaySourceOptions {
  /** For relays into containers; asked at each attempt. Throws a problem. */
  openEngine: () => Engine;
  now: () => number;
}

export function createGatewaySource({ openEngine, now }: GatewaySourceOptions): GatewaySource {
  const connection = createLiveValue<Connection>(
    { source: 'gateway', state: 'connecting', lastSeenAt: null, detail: 'connecting', problem: null },
    // The time of the last poll alone is no change worth a message.
    (a, b) => isSameJson({ ...a, lastSeenAt: null }, { ...b, lastSeenAt: null }),
  );
  const about = createLiveValue<GatewayAbout>(
    { service: null, replicas: [], can: [] },
    // As for the connection: that it was seen again is no change.
    (a, b) => isSameJson(withoutTimes(a), withoutTimes(b)),
  );
  const routes = createLiveValue<RouteTable | undefined>(undefined, isSameJson);
  const breakers = createLiveValue<Breaker[] | undefined>(undefined, isSameJson);
  const statsListeners = new Set<(stats: readonly GatewayStats[]) => void>();
  const tapListeners = new Set<(event: TapEvent) => void>();
  let place: GatewayPlace = { kind: 'unknown' };

  const refresh = () => {
    const views = live().flatMap(({ view }) => (view ? [view] : []));
    const { table, diverging } = mergeRoutes(views.map((view) => view.routes));
    if (table) routes.set(table);
    breakers.set(views.length > 0 ? mergeBreakers(views.map((view) => view.breakers)) : undefined);
    connection.set(toConnection(place, replicas.all(), diverging));
    about.set(toGatewayAbout(place, replicas.all(), connection.current.state));
    if (views.length > 0) for (const listener of [...statsListeners]) listener(views.map((view) => view.stats));
  };

  const onTap = (event: TapEvent) => {
    for (const listener of [...tapListeners]) listener(event);
  };
  const replicas = createReplicas((address, service) =>
    createReplica({ address, reach: openReach(address, { service, openEngine }), now, onPoll: refresh, onTap }),
  );
  const live = () => replicas.all().filter((replica) => replica.view !== undefined);

  const firstLive = (): Replica => {
    const [replica] = live();
    if (replica) return replica;
    throw new GatehouseError(connection.current.problem ?? connectingProblem);
  };

  return {
    connection,
    about,
    routes,
    breakers,
    onStats(listener) {
      statsListeners.add(listener);
      return () => statsListeners.delete(listener);
    },
    onTap(listener) {
      tapListeners.add(listener);
      return () => tapListeners.delete(listener);
    },
    setPlace(next) {
      place = next;
      replicas.set(next);
      refresh();
    },
    explain: async (input) => reached(firstLive().client.explain(input)),
    config: async () => reached(firstLive().client.config()),
    async detail(id) {
      firstLive();
      for (const replica of live()) {
        const found = await reached(replica.client.exchange(id));
        if (found) return found;
      }
      throw new GatehouseError({
        code: 'exchange-unknown',
        message: `The gateway no longer keeps the exchange ${id.slice(0, 64)}.`,
        remedy: 'Its ring is bounded: open exchanges sooner, or raise the capacity of its tap.',
      });
    },
    async expose() {
      const asked = live().map(async ({ view, client }) => ({
        name: view?.stats.gateway ?? '',
        text: await client.metrics(),
      }));
      const answers = await Promise.allSettled(asked);
      const answered = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
      return { replicas: answered, isComplete: answered.length === asked.length };
    },
    close: replicas.close,
  };
}

function withoutTimes({ replicas, ...rest }: GatewayAbout) {
  return { ...rest, replicas: replicas.map((replica) => ({ ...replica, lastSeenAt: null })) };
}

/** The replicas by their addresses: new ones are opened, those that are gone are closed. */
function createReplicas(open: (address: ReplicaAddress, service: string) => Replica) {
  const replicas = new Map<string, Replica>();
  const closing = new Set<Promise<void>>();
  const drop = (key: string, replica: Replica) => {
    replicas.delete(key);
    const ended = replica.close().finally(() => closing.delete(ended));
    closing.add(ended);
  };
  return {
    all: () => [...replicas.values()],
    set(place: GatewayPlace) {
      const { addresses, service } = place.kind === 'present' ? place : { addresses: [], service: '' };
      const wanted = new Map(addresses.map((address) => [toReplicaKey(address), address]));
      for (const [key, replica] of replicas) if (!wanted.has(key)) drop(key, replica);
      for (const [key, address] of wanted) if (!replicas.has(key)) replicas.set(key, open(address, service));
    },
    async close() {
      for (const [key, replica] of replicas) drop(key, replica);
      await Promise.all(closing);
    },
  };
}

const connectingProblem: Problem = {
  code: 'gateway-unreachable',
  message: 'The gateway has not answered yet.',
  remedy: 'Try again in a moment.',
};

async function reached<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200) : 'unknown reason';
    throw new GatehouseError(
      {
        code: 'gateway-unreachable',
        message: `The gateway did not answer: ${reason}.`,
        remedy: 'Look at the log of its container; the console connects again by itself.',
      },
      { cause: error },
    );
  }
}

/** The connection as the frame shows it. Pure but for the replicas' own state. */
export function toConnection(
  place: GatewayPlace,
  replicas: readonly Pick<Replica, 'view' | 'failure' | 'absence' | 'lastSeenAt'>[],
  diverging: boolean,
): Connection {
  const seen = replicas.map(({ lastSeenAt }) => lastSeenAt).filter((at) => at !== null);
  const base = { source: 'gateway' as const, lastSeenAt: seen.length > 0 ? Math.max(...seen) : null };
  if (place.kind === 'unknown') return { ...base, state: 'connecting', detail: 'connecting', problem: null };
  if (place.kind === 'absent') return { ...base, state: 'absent', detail: 'none', problem: place.problem };

  const live = replicas.filter(({ view }) => view !== undefined).length;
  const way = place.addresses.some(({ kind }) => kind === 'exec') ? ', through exec' : '';
  const detail = `${live} of ${place.replicas}${way}${diverging ? ', configurations differ' : ''}`;
  if (live > 0) return { ...base, state: 'live', detail, problem: null };

  const absence = replicas.every((replica) => replica.absence !== undefined) && replicas[0]?.absence;
  if (absence) return { ...base, state: 'absent', detail: 'none', problem: absence };

  const failure = replicas.find((replica) => replica.failure !== undefined)?.failure;
  if (place.addresses.length > 0 && failure === undefined)
    return { ...base, state: 'connecting', detail, problem: null };
  const why = place.addresses.length === 0 ? 'its container does not run' : failure;
  return {
    ...base,
    state: 'lost',
    detail,
    problem: {
      code: 'gateway-unreachable',
      message: `The gateway ${place.service} does not answer: ${why}.`,
      remedy: `Start it again, or look at the log of ${place.service}; the console connects by itself.`,
    },
  };
}
