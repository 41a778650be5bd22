// Whether a gate is open: what containers must be like before a step goes on. Pure.
import type { GateCondition } from '../../../contract/index.ts';
import type { StackContainer } from '../../docker/stackContainer.ts';
import { readMap, readNumber, readTexts } from '../spec/rawValues.ts';

export type GateState =
  | { readonly state: 'open' }
  | { readonly state: 'waiting' }
  /** It will not open by itself. */
  | { readonly state: 'failed'; readonly cause: string; readonly container: StackContainer | null };

/** undefined for a container that is gone. */
export function toGateState(condition: GateCondition, containers: readonly (StackContainer | undefined)[]): GateState {
  if (containers.length === 0) return { state: 'failed', cause: 'it has no container', container: null };
  let waiting = false;
  for (const container of containers) {
    const state = container ? judge(condition, container) : gone;
    if (state.state === 'failed') return state;
    if (state.state === 'waiting') waiting = true;
  }
  return { state: waiting ? 'waiting' : 'open' };
}

const gone: GateState = { state: 'failed', cause: 'its container was removed meanwhile', container: null };

function judge(condition: GateCondition, container: StackContainer): GateState {
  const fail = (cause: string): GateState => ({ state: 'failed', cause, container });
  const { state, health, startedAt, exitCode, name, outOfMemory } = container;
  const ended = `${name} ended, exit ${exitCode}${outOfMemory ? ', out of memory' : ''}`;
  switch (condition) {
    case 'started':
      return { state: startedAt === null ? 'waiting' : 'open' };
    case 'completed':
      if (state === 'exited' && exitCode === 0) return { state: 'open' };
      return state === 'exited' || state === 'dead' ? fail(ended) : { state: 'waiting' };
    case 'healthy':
      if (state === 'exited' || state === 'dead') return fail(ended);
      if (state === 'paused') return fail(`${name} is paused`);
      if (!hasHealthCheck(container)) return fail(`${name} has no health check, so that it never says healthy`);
      if (health === 'healthy') return { state: 'open' };
      if (health !== 'unhealthy') return { state: 'waiting' };
      return fail(`${name} is unhealthy${container.probeOutput ? `: ${firstLine(container.probeOutput)}` : ''}`);
  }
}

export function hasHealthCheck({ health, inspected }: StackContainer): boolean {
  const test = readTexts(readMap(inspected.config.Healthcheck).Test);
  return health !== 'none' || (test.length > 0 && test[0] !== 'NONE');
}

const firstLine = (text: string) => text.trim().split('\n')[0]?.slice(0, 200) ?? '';

/** How long a container may take until its health check says one or the other. */
export function toHealthLimitMs({ inspected }: StackContainer): number {
  const check = readMap(inspected.config.Healthcheck);
  // The engine's defaults, in nanoseconds: every 30 s, 30 s to answer, 3 times.
  const interval = readNumber(check.Interval) || 30e9;
  const timeout = readNumber(check.Timeout) || 30e9;
  return (readNumber(check.StartPeriod) + (readNumber(check.Retries) || 3) * (interval + timeout)) / 1e6;
}
