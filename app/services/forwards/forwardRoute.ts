// The way of one forward to its service: found, kept while it holds, and found again when containers change.
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { GatehouseError, type HelperConsent, type Problem } from '../../contract/index.ts';
import type { LiveEnvironment } from '../environment/liveEnvironment.ts';
import { createLiveValue, isSameJson, type LiveValue } from '../stream/liveValue.ts';
import { type Carrier, type Dial, type ForwardPlace, findForwardPlace, type PortOfService } from './forwardPlace.ts';
import { startHelper, toHelperName } from './helperContainer.ts';
import type { PooledRelay, RelayPool } from './relayPool.ts';
import type { RelaySource } from './relayStart.ts';

export type RouteState =
  | { readonly kind: 'open'; readonly through: string; readonly network: string; readonly helper: string | null }
  | { readonly kind: 'waiting'; readonly reason: string; readonly isGone: boolean };

export interface ForwardRoute {
  readonly state: LiveValue<RouteState>;
  /** Looks for a way now. Rejects with a problem when there is none. */
  find(): Promise<void>;
  /** A connection that has reached the service. Rejects with the reason. */
  connect(): Promise<Duplex>;
  close(): void;
}

export interface RouteOptions {
  readonly target: PortOfService;
  readonly helper: HelperConsent | undefined;
  readonly live: Pick<LiveEnvironment, 'id' | 'stack' | 'openEngine'>;
  readonly pool: RelayPool;
  readonly source: RelaySource;
}

interface Way {
  readonly relay: PooledRelay;
  readonly through: string;
  readonly helper: string | null;
  readonly dials: readonly Dial[];
  /** The one that was reached last. */
  dial: Dial;
}

/** Each may cost an exec in a container. */
const carriersTried = 6;
/** Engines tell of a change in several events. */
const againAfterMs = 300;
const againEveryMs = 5000;

export function createForwardRoute(options: RouteOptions): ForwardRoute {
  const { live, target } = options;
  const { stack } = live;
  const state = createLiveValue<RouteState>(
    { kind: 'waiting', reason: 'a way is looked for', isGone: false },
    isSameJson,
  );
  let way: Way | undefined;
  let finding: Promise<void> | undefined;
  let foundFor = '';
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  const placeNow = () => findForwardPlace(stack.observed.current, target);

  let stopWatching = () => {};
  const drop = () => {
    stopWatching();
    way?.relay.release();
    way = undefined;
  };
  const show = ({ relay, through, helper, dial }: Way) => {
    const now = relay.state.current;
    if (now.kind === 'lost' || now.kind === 'absent') state.set({ kind: 'waiting', reason: now.reason, isGone: false });
    else state.set({ kind: 'open', through, network: dial.network, helper });
  };
  const lookFor = async () => {
    const place = placeNow();
    foundFor = toKey(place);
    drop();
    try {
      const found = await findWay(place, options);
      if (isClosed) return found.relay.release();
      way = found;
      show(found);
      stopWatching = found.relay.state.onChange(() => show(found));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      state.set({ kind: 'waiting', reason, isGone: place.kind === 'absent' && place.isGone });
      throw error;
    }
  };
  const find = (): Promise<void> => {
    finding ??= lookFor().finally(() => {
      finding = undefined;
    });
    return finding;
  };

  /** What is there now, is looked at a moment after it changed, and again while there is no way. */
  const checkSoon = (delayMs: number) => {
    if (isClosed) return;
    clearTimeout(timer);
    timer = setTimeout(() => void check(), delayMs);
  };
  const check = async () => {
    const hasChanged = toKey(placeNow()) !== foundFor;
    if (hasChanged || !way || way.relay.state.current.kind === 'absent') await find().catch(() => {});
    if (!way) checkSoon(againEveryMs);
  };
  const stops = [
    stack.observed.onChange(() => {
      if (toKey(placeNow()) !== foundFor) checkSoon(againAfterMs);
    }),
  ];

  return {
    state,
    find,
    async connect() {
      if (!way) await find();
      if (!way) throw new Error('the forward is closed');
      const used = way;
      try {
        const { stream, dial } = await dialFirst(used, [used.dial, ...used.dials.filter((one) => one !== used.dial)]);
        used.dial = dial;
        return stream;
      } catch (error) {
        // The relay is opened again by itself; which of the containers carries it may have to change.
        if (used.relay.state.current.kind !== 'live') checkSoon(againAfterMs);
        throw error;
      }
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      for (const stop of stops) stop();
      drop();
    },
  };
}

/** Changes when another container would be reached, or another one could carry it. */
function toKey(place: ForwardPlace): string {
  if (place.kind !== 'present') return place.kind;
  const carriers = place.carriers.map(({ container, startedAt, dials }) => [container, startedAt, dials]);
  return JSON.stringify([place.container.id, place.container.startedAt, carriers]);
}

async function findWay(place: ForwardPlace, options: RouteOptions): Promise<Way> {
  // What was seen last is history then, and each container would be asked in vain.
  const { state, problem } = options.live.stack.connection.current;
  if (state === 'lost') throw new GatehouseError(problem ?? engineSilent);
  if (place.kind === 'unknown') throw new GatehouseError(engineSilent);
  if (place.kind === 'absent') throw new GatehouseError(place.problem);
  if (options.helper) return findWayByHelper(place, options.helper, options);
  const { pool, live, target } = options;
  const failures: unknown[] = [];
  let wasCarried = false;
  for (const carrier of inOrder(place.carriers, place.container.id).slice(0, carriersTried)) {
    const relay = pool.acquire(carrier, live.openEngine);
    const candidate: Candidate = { relay, through: carrier.name, helper: null, dials: carrier.dials };
    try {
      return await tryWay(candidate);
    } catch (error) {
      wasCarried ||= relay.state.current.kind === 'live';
      if (relay.state.current.kind === 'live' || carrier.isGateway) failures.push(error);
      relay.release();
    }
  }
  const reasons = [...new Set(failures.map(toReason))].join('; ');
  throw new GatehouseError(wasCarried ? notReached(target, reasons) : helperNeeded(target, reasons));
}

/** The gateway, then the container itself, in which its own loopback can be reached, then the others. */
export function inOrder(carriers: readonly Carrier[], own: string): Carrier[] {
  const rank = ({ isGateway, container }: Carrier) => (isGateway ? 0 : container === own ? 1 : 2);
  return carriers.toSorted((a, b) => rank(a) - rank(b));
}

async function findWayByHelper(
  place: Extract<ForwardPlace, { kind: 'present' }>,
  { image, network }: HelperConsent,
  { live, pool, source, target }: RouteOptions,
): Promise<Way> {
  const dials = place.networks.filter((one) => one.network === network);
  if (dials.length === 0) {
    const known = place.networks.map((one) => one.network).join(', ') || 'none';
    throw new GatehouseError({
      code: 'bad-input',
      message: `${target.service} is not on the network ${JSON.stringify(network.slice(0, 100))}.`,
      remedy: `Its networks: ${known}.`,
    });
  }
  const name = toHelperName();
  const purpose = `${live.id.slice(0, 200)} ${target.service}:${target.port}`;
  const { openEngine } = live;
  const start: Parameters<RelayPool['openOwn']>[1] = (engine) =>
    // Another one each time: the one before may not have been removed yet.
    startHelper(engine, { image, network, name: `${name}-${Date.now().toString(36)}`, purpose, source, openEngine });
  const relay = pool.openOwn(name, start, openEngine);
  try {
    return await tryWay({ relay, through: name, helper: name, dials });
  } catch (error) {
    const wasCarried = relay.state.current.kind === 'live';
    relay.release();
    if (error instanceof GatehouseError) throw error;
    throw new GatehouseError(wasCarried ? notReached(target, toReason(error)) : helperFailed(image, toReason(error)));
  }
}

type Candidate = Omit<Way, 'dial'>;

/** Reached once before it counts as a way: what a service listens on may be one of its networks alone. */
async function tryWay(candidate: Candidate): Promise<Way> {
  const { stream, dial } = await dialFirst(candidate, candidate.dials);
  stream.destroy();
  return { ...candidate, dial };
}

async function dialFirst({ relay }: Candidate, dials: readonly Dial[]): Promise<{ stream: Duplex; dial: Dial }> {
  let failure: unknown;
  for (const dial of dials) {
    const stream = await relay.connect(dial.target);
    try {
      // It may have been refused before anybody could listen.
      if (stream.destroyed) throw stream.errored ?? new Error('the relay was closed');
      await once(stream, 'connect');
      return { stream, dial };
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}

/** An absent relay says it as a problem of the gateway; the bare reason stands behind it. */
export function toReason(error: unknown): string {
  if (error instanceof GatehouseError && error.cause instanceof Error) return error.cause.message;
  return error instanceof Error ? error.message : String(error);
}

const engineSilent: Problem = {
  code: 'engine-unreachable',
  message: 'The engine has not said yet what runs.',
  remedy: 'Try again when the environment is connected.',
};

function notReached({ service, port }: PortOfService, reasons: string): Problem {
  return {
    code: 'port-unreachable',
    message: `Port ${port} of ${service.slice(0, 64)} cannot be reached: ${reasons.slice(0, 400)}.`,
    remedy: `Check that ${service.slice(0, 64)} listens on that port; its log and its configuration say where.`,
  };
}

export function helperNeeded({ service, port }: PortOfService, reasons: string): Problem {
  const detail = reasons === '' ? '' : ` (${reasons.slice(0, 300)})`;
  return {
    code: 'helper-needed',
    message: `No container that runs can carry connections to port ${port} of ${service.slice(0, 64)}${detail}.`,
    remedy:
      'A helper container on its network can, from an image that is there: on the command line with --helper IMAGE; ' +
      'or start the gateway on a network of it.',
  };
}

function helperFailed(image: string, reason: string): Problem {
  return {
    code: 'port-unreachable',
    message: `The helper container from ${image.slice(0, 200)} did not come to work: ${reason.slice(0, 300)}.`,
    remedy: 'Choose another image that is there, of this version of Gatehouse or with Node 22 or later.',
  };
}
