// The ways to a Prometheus, tried in order; the one that works is kept until it fails.
import { Agent } from 'node:http';
import { type Connection, GatehouseError, type Problem } from '../../../contract/index.ts';
import type { Engine } from '../../docker/engine.ts';
import { createLiveValue, isSameJson, type LiveValue } from '../../stream/liveValue.ts';
import { openRelay } from '../../tunnel/relay.ts';
import { createRelayAgent } from '../../tunnel/relayAgent.ts';
import { readStartTime, readVersion } from './prometheusAnswers.ts';
import {
  askPrometheus,
  type PrometheusAddress,
  type PrometheusCall,
  type PrometheusLimits,
  type PrometheusReply,
  prometheusLimits,
} from './prometheusHttp.ts';
import type { PrometheusPlace, PrometheusWay } from './prometheusPlace.ts';

export interface PrometheusReach {
  readonly state: LiveValue<ReachState>;
  /** Finds a way first where there is none. Rejects with a problem. */
  ask(call: PrometheusCall, signal: AbortSignal): Promise<PrometheusReply>;
  close(): Promise<void>;
}

export interface ReachState {
  readonly state: Exclude<Connection['state'], 'absent'>;
  readonly detail: string;
  readonly lastSeenAt: number | null;
  readonly problem: Problem | null;
}

export interface ReachOptions {
  place: Extract<PrometheusPlace, { kind: 'present' }>;
  openEngine: () => Engine;
  now: () => number;
  limits?: PrometheusLimits;
}

/** A way that does not work must not keep the next one waiting. */
const greetingLimits: PrometheusLimits = { timeoutMs: 5000, answerBytes: 64 * 1024 };
/** A process says of its start what its container's engine says, but for what starting takes. */
const sameStartMs = 120_000;

interface OpenWay {
  readonly address: PrometheusAddress;
  /** How it is reached, for the frame. */
  readonly words: string;
  close(): Promise<void>;
}

interface Found {
  readonly way: OpenWay;
  readonly version: string;
}

export function createPrometheusReach(options: ReachOptions): PrometheusReach {
  const { place, now, limits = prometheusLimits } = options;
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
  const noteAnswer = ({ version, way: { words } }: Found) => {
    lastSeenAt = now();
    const product = `Prometheus ${version}`.trim();
    state.set({ state: 'live', detail: `${product}, ${words}`, lastSeenAt, problem: null });
  };
  const noteLoss = (error: unknown) => {
    const problem = error instanceof GatehouseError ? error.toProblem() : unknownFailure(place.service);
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
        const reply = await askPrometheus(found.way.address, call, { signal: both, limits });
        noteAnswer(found);
        return reply;
      } catch (error) {
        if (signal.aborted || closing.signal.aborted) throw error;
        // A question that is refused was understood; only what does not answer is lost.
        if (error instanceof GatehouseError && error.code === 'query-refused') throw error;
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

/** The first way behind which this very Prometheus answers. */
async function findWay(
  { place, openEngine, limits = prometheusLimits }: ReachOptions,
  signal: AbortSignal,
): Promise<Found> {
  const timeoutMs = Math.min(limits.timeoutMs, greetingLimits.timeoutMs);
  const greeting = { ...greetingLimits, timeoutMs };
  const failures: unknown[] = [];
  for (const one of place.ways) {
    if (signal.aborted) break;
    const way = openWay(one, place.service, openEngine);
    try {
      return await greet(way, place, { signal, limits: greeting });
    } catch (error) {
      failures.push(error);
      await way.close();
    }
  }
  throw toOneProblem(place.service, failures);
}

async function greet(
  way: OpenWay,
  { service, startedAt }: ReachOptions['place'],
  options: { signal: AbortSignal; limits: PrometheusLimits },
): Promise<Found> {
  const { data } = await askPrometheus(way.address, { path: '/api/v1/status/buildinfo' }, options);
  // Others that speak its API may not know this one.
  const runtime = await askPrometheus(way.address, { path: '/api/v1/status/runtimeinfo' }, options).catch(() => null);
  const said = readStartTime(runtime?.data);
  if (said !== null && startedAt !== null && Math.abs(said - startedAt) > sameStartMs)
    throw new GatehouseError(notThisOne(service, way.address));
  return { way, version: readVersion(data) };
}

function openWay(way: PrometheusWay, name: string, openEngine: () => Engine): OpenWay {
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

function notThisOne(service: string, { host, port }: PrometheusAddress): Problem {
  return {
    code: 'metrics-unreachable',
    message: `What answers on ${host}:${port} was not started when ${service} was: it is another Prometheus.`,
    remedy: 'Publish the port of the stack on one that is free.',
  };
}

function unknownFailure(service: string): Problem {
  return {
    code: 'metrics-unreachable',
    message: `${service} cannot be asked.`,
    remedy: `Look at the log of ${service}; it is asked again by itself.`,
  };
}

/** Every way that was tried, in one sentence each. */
function toOneProblem(service: string, failures: readonly unknown[]): GatehouseError {
  const problems = failures.map((error) =>
    error instanceof GatehouseError ? error.toProblem() : unknownFailure(service),
  );
  const [first = unknownFailure(service)] = problems;
  const message = problems.map((problem) => problem.message).join(' ') || first.message;
  return new GatehouseError({ ...first, code: 'metrics-unreachable', message });
}
