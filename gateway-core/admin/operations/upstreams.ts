// Upstreams, their breakers and replicas: seen, and taken in hand for a while. Whatever an operator holds ends by itself.
import type { Core } from '../../exchange/core.ts';
import { AdminProblem, defineOperation, type Operation } from '../operation.ts';
import { viewBreakers, viewUpstreams } from '../views.ts';

const group = 'upstreams';
/** A breaker that was held and forgotten must not be found held a week later. */
const LONGEST_MS = 86_400_000;

const upstream = {
  in: 'path',
  required: true,
  description: 'Name of the upstream.',
  schema: { type: 'string', maxLength: 63 },
} as const;

const replica = {
  in: 'path',
  required: true,
  description: 'Id of the replica, host:port, as GET /upstreams says it.',
  schema: { type: 'string', maxLength: 300 },
} as const;

/** Of the breaker's own replica, where the upstream has several. */
const ofReplica = {
  in: 'query',
  description: "Only the breaker of this replica, host:port; left out: the upstream's own.",
  schema: { type: 'string', maxLength: 300 },
} as const;

const reason = {
  in: 'query',
  description: 'Why, for its story.',
  schema: { type: 'string', maxLength: 200 },
} as const;

const forMs = {
  in: 'query',
  required: true,
  description: 'For how long, at most a day; it ends by itself.',
  schema: { type: 'integer', minimum: 1, maximum: LONGEST_MS },
} as const;

const unknown = { description: 'There is no such upstream or replica', schema: 'Problem' } as const;

export const upstreamOperations: readonly Operation[] = [
  defineOperation({
    method: 'GET',
    path: '/upstreams',
    id: 'getUpstreams',
    group,
    summary: 'Upstreams with their replicas, places and retries',
    isUnversionedToo: true,
    answers: {
      200: { description: 'Upstreams', schema: { type: 'array', items: { $ref: '#/components/schemas/Upstream' } } },
    },
    handle: ({ core }) => ({ json: viewUpstreams(core) }),
  }),
  defineOperation({
    method: 'GET',
    path: '/breakers',
    id: 'getBreakers',
    group,
    summary: 'Breakers with their window, thresholds and last transitions',
    isUnversionedToo: true,
    answers: {
      200: { description: 'Breakers', schema: { type: 'array', items: { $ref: '#/components/schemas/Breaker' } } },
    },
    handle: ({ core }) => ({ json: viewBreakers(core) }),
  }),
  defineOperation({
    method: 'PUT',
    path: '/upstreams/{upstream}/breaker',
    id: 'holdBreaker',
    group,
    summary: 'Holds the breaker of an upstream open or closed for a while, whatever is seen meanwhile',
    description: 'Afterwards an open one lets trials pass, and a closed one starts afresh.',
    parameters: {
      upstream,
      state: {
        in: 'query',
        required: true,
        description: 'The state that it is held in.',
        schema: { type: 'string', enum: ['open', 'closed'] },
      },
      forMs,
      replica: ofReplica,
      reason,
    },
    answers: { 200: { description: 'The breaker as it is now', schema: 'Breaker' }, 404: unknown },
    handle: ({ core, values }) => {
      const until = core.clock.now() + values.forMs;
      const state = values.state === 'open' ? 'open' : 'closed';
      const isKnown = core.upstreams.forceBreaker(toWhose(values), state, until, { reason: values.reason });
      if (!isKnown) throw breakerUnknown(core, values);
      return { json: getBreaker(core, values.upstream) };
    },
  }),
  defineOperation({
    method: 'DELETE',
    path: '/upstreams/{upstream}/breaker',
    id: 'releaseBreaker',
    group,
    summary: 'Lets go of a breaker that is held',
    parameters: { upstream, replica: ofReplica },
    answers: { 200: { description: 'The breaker as it is now', schema: 'Breaker' }, 404: unknown },
    handle: ({ core, values }) => {
      if (!core.upstreams.clearForcedBreaker(toWhose(values))) throw breakerUnknown(core, values);
      return { json: getBreaker(core, values.upstream) };
    },
  }),
  defineOperation({
    method: 'POST',
    path: '/upstreams/{upstream}/breaker/reset',
    id: 'resetBreaker',
    group,
    summary: 'Ends a hold or an opening at once, and forgets what was seen',
    description: 'An open one lets trials pass, whoever opened it; a closed one starts afresh.',
    parameters: { upstream, replica: ofReplica, reason },
    answers: { 200: { description: 'The breaker as it is now', schema: 'Breaker' }, 404: unknown },
    handle: ({ core, values }) => {
      if (!core.upstreams.resetBreaker(toWhose(values), { reason: values.reason })) throw breakerUnknown(core, values);
      return { json: getBreaker(core, values.upstream) };
    },
  }),
  defineOperation({
    method: 'PUT',
    path: '/upstreams/{upstream}/replicas/{replica}/drain',
    id: 'drainReplica',
    group,
    summary: 'Sends nothing new to a replica for a while; what runs there ends by itself',
    parameters: { upstream, replica, forMs, reason },
    answers: { 200: { description: 'The upstream as it is now', schema: 'Upstream' }, 404: unknown },
    handle: ({ core, values }) => {
      const until = core.clock.now() + values.forMs;
      if (!core.upstreams.drainReplica(values.upstream, values.replica, until)) throw replicaUnknown(core, values);
      const why = values.reason ? ` (${values.reason})` : '';
      noteReplica(core, values, `drained by an operator for ${values.forMs / 1_000} s${why}`);
      return { json: getUpstream(core, values.upstream) };
    },
  }),
  defineOperation({
    method: 'DELETE',
    path: '/upstreams/{upstream}/replicas/{replica}/drain',
    id: 'takeReplicaBack',
    group,
    summary: 'Sends requests to a drained replica again',
    parameters: { upstream, replica },
    answers: { 200: { description: 'The upstream as it is now', schema: 'Upstream' }, 404: unknown },
    handle: ({ core, values }) => {
      if (!core.upstreams.clearDrain(values.upstream, values.replica)) throw replicaUnknown(core, values);
      noteReplica(core, values, 'taken back by an operator');
      return { json: getUpstream(core, values.upstream) };
    },
  }),
];

interface BreakerName {
  readonly upstream: string;
  readonly replica: string | undefined;
}

function toWhose({ upstream: name, replica: id }: BreakerName) {
  return { upstream: name, replica: id ?? null };
}

function breakerUnknown(core: Core, { upstream: name, replica: id }: BreakerName): AdminProblem {
  return id === undefined ? upstreamUnknown(core, name) : replicaUnknown(core, { upstream: name, replica: id });
}

interface ReplicaName {
  readonly upstream: string;
  readonly replica: string;
}

function noteReplica({ log, events }: Core, { upstream: name, replica: id }: ReplicaName, reason: string): void {
  log.warn(`replica ${id} of ${name}: ${reason}`, { upstream: name, replica: id });
  events.emit({ type: 'replica', upstream: name, replica: id, reason });
}

function getBreaker(core: Core, name: string) {
  return viewBreakers(core).find((breaker) => breaker.upstream === name);
}

function getUpstream(core: Core, name: string) {
  return viewUpstreams(core).find((one) => one.name === name);
}

function upstreamUnknown(core: Core, name: string): AdminProblem {
  const known = [...core.revision.upstreams.keys()].join(', ');
  return new AdminProblem(404, 'upstream-unknown', { detail: `There is no upstream "${name}"; there are ${known}.` });
}

function replicaUnknown(core: Core, { upstream: name, replica: id }: ReplicaName): AdminProblem {
  const live = core.upstreams.find(name);
  if (!live) return upstreamUnknown(core, name);
  const known = live.replicas.map((one) => one.id).join(', ') || 'none';
  return new AdminProblem(404, 'replica-unknown', {
    detail: `The upstream "${name}" has no replica "${id}"; it has ${known}.`,
  });
}
