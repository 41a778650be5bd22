// The ways to a service that answers questions over HTTP, tried in order; the one that works is kept until it fails.
import { Agent } from 'node:http';
import { type Connection, GatehouseError, type Problem, type ProblemCode } from '../../contract/index.ts';
import type { Engine } from '../docker/engine.ts';
import { createLiveValue, isSameJson, type LiveValue } from '../stream/liveValue.ts';
import { openRelay } from './relay.ts';
import { createRelayAgent } from './relayAgent.ts';
import type { ServiceAddress } from './serviceHttp.ts';
import type { ServicePlace, ServiceWay } from './serviceWays.ts';

export interface ServiceReach<Call, Reply> {
  readonly state: LiveValue<ReachState>;
  /** Finds a way first where there is none. Rejects with a problem. */
  ask(call: Call, signal: AbortSignal): Promise<Reply>;
  close(): Promise<void>;
}

export interface ReachState {
  readonly state: Exclude<Connection['state'], 'absent'>;
  readonly detail: string;
  readonly lastSeenAt: number | null;
  readonly problem: Problem | null;
}

/** What is spoken with the service. */
export interface ServiceProtocol<Call, Reply> {
  /** Of what cannot be asked. */
  readonly code: ProblemCode;
  /** Throws a problem where what answers is not the service; else its product and version, for the frame. */
  greet(address: ServiceAddress, place: ServicePlace, signal: AbortSignal): Promise<string>;
  ask(address: ServiceAddress, call: Call, signal: AbortSignal): Promise<Reply>;
  /** A question that is refused was understood; only what does not answer is lost. */
  isRefusal(error: GatehouseError): boolean;
}

export interface ServiceReachOptions<Call, Reply> {
  place: ServicePlace;
  protocol: ServiceProtocol<Call, Reply>;
  openEngine: () => Engine;
  now: () => number;
}

interface OpenWay {
  readonly address: ServiceAddress;
  /** How it is reached, for the frame. */
  readonly words: string;
  close(): Promise<void>;
}

interface Found {
  readonly way: OpenWay;
  readonly product: string;
}

export function createServiceReach<Call, Reply>(options: ServiceReachOptions<Call, Reply>): ServiceReach<Call, Reply> {
  const { place, protocol, now } = options;
  const state = createLiveValue<ReachState>(
    { state: 'connecting', detail: 'connecting', lastSeenAt: null, problem: null },
    // The time of the last answer alone is no change worth a message.
    (a, b) => isSameJson({ ...a, lastSeenAt: null }, { ...b, lastSeenAt: null }),
  );
  const closing = new AbortController();
  let lastSeenAt: number | null = null;
  let finding: Promise<Found> | undefined;

  const forget = async (used: Promise<Found> | undefined) => {
    // Meanwhile another question may have found a way again.
    if (finding === used) finding = undefined;
    const found = await used?.catch(() => undefined);
    await found?.way.close();
  };
  const noteAnswer = ({ product, way: { words } }: Found) => {
    lastSeenAt = now();
    state.set({ state: 'live', detail: `${product}, ${words}`, lastSeenAt, problem: null });
  };
  const noteLoss = (error: unknown) => {
    const problem = error instanceof GatehouseError ? error.toProblem() : unknownFailure(place.service, protocol.code);
    state.set({ ...state.current, state: 'lost', lastSeenAt, problem });
  };

  return {
    state,
    async ask(call, signal) {
      finding ??= findWay(options, closing.signal);
      const used = finding;
      try {
        const found = await used;
        const both = AbortSignal.any([signal, closing.signal]);
        const reply = await protocol.ask(found.way.address, call, both);
        noteAnswer(found);
        return reply;
      } catch (error) {
        if (signal.aborted || closing.signal.aborted) throw error;
        if (error instanceof GatehouseError && protocol.isRefusal(error)) throw error;
        noteLoss(error);
        await forget(used);
        throw error;
      }
    },
    async close() {
      closing.abort();
      await forget(finding);
    },
  };
}

/** The first way behind which this very service answers. */
async function findWay<Call, Reply>(
  { place, protocol, openEngine }: ServiceReachOptions<Call, Reply>,
  signal: AbortSignal,
): Promise<Found> {
  const failures: unknown[] = [];
  for (const one of place.ways) {
    if (signal.aborted) break;
    const way = openWay(one, place.service, openEngine);
    try {
      return { way, product: await protocol.greet(way.address, place, signal) };
    } catch (error) {
      failures.push(error);
      await way.close();
    }
  }
  throw toOneProblem(place.service, protocol.code, failures);
}

function openWay(way: ServiceWay, name: string, openEngine: () => Engine): OpenWay {
  const { host, port } = way;
  if (way.kind === 'published') {
    const agent = new Agent({ keepAlive: false, maxSockets: 8 });
    const close = async () => agent.destroy();
    return { address: { name, host, port, agent }, words: `published on ${host}:${port}`, close };
  }
  const relay = openRelay({ openEngine, container: way.container, name: way.service, allowsTcp: true });
  const target = `tcp:${host.includes(':') ? `[${host}]` : host}:${port}` as const;
  const agent = createRelayAgent(relay, target);
  return {
    address: { name, host, port, agent },
    words: `through ${way.service}`,
    async close() {
      agent.destroy();
      await relay.close();
    },
  };
}

function unknownFailure(service: string, code: ProblemCode): Problem {
  return {
    code,
    message: `${service} cannot be asked.`,
    remedy: `Look at the log of ${service}; it is asked again by itself.`,
  };
}

/** Every way that was tried, in one sentence each. */
function toOneProblem(service: string, code: ProblemCode, failures: readonly unknown[]): GatehouseError {
  const problems = failures.map((error) =>
    error instanceof GatehouseError ? error.toProblem() : unknownFailure(service, code),
  );
  const [first = unknownFailure(service, code)] = problems;
  const message = problems.map((problem) => problem.message).join(' ') || first.message;
  return new GatehouseError({ ...first, code, message });
}
