// How one container of a service is: from its state, health, exit, restart policy and whether somebody waits for its end.
import type { ReplicaStatus, ServiceCondition } from '../../../contract/index.ts';
import type { StackContainer } from '../../docker/stackContainer.ts';
import { hasHealthCheck } from '../apply/gateState.ts';
import { readMap, readText } from '../spec/rawValues.ts';
import { toExitReason } from './exitReason.ts';

interface Judged {
  readonly condition: ServiceCondition;
  readonly detail: string;
}

export function toReplicaStatus(
  container: StackContainer,
  { isAwaited, lastLines }: { isAwaited: boolean; lastLines: readonly string[] },
): ReplicaStatus {
  const { condition, detail } = judge(container, isAwaited);
  return {
    container: container.name,
    id: container.id,
    replica: container.replica || null,
    condition,
    detail,
    health: container.health,
    ports: [...container.ports],
    createdAt: container.createdAt,
    startedAt: container.startedAt,
    exitCode: ['exited', 'restarting', 'dead'].includes(container.state) ? container.exitCode : null,
    outOfMemory: container.outOfMemory,
    restarts: container.restarts,
    lastLines: condition === 'crashed' ? [...lastLines] : [],
  };
}

function judge(container: StackContainer, isAwaited: boolean): Judged {
  const reason = toExitReason(container.exitCode, container.outOfMemory);
  switch (container.state) {
    case 'running':
      return judgeRunning(container);
    case 'exited':
      return judgeExited(container, isAwaited, reason);
    case 'restarting':
      return { condition: 'crashed', detail: `${reason}; restarted ${container.restarts} times` };
    case 'paused':
      return { condition: 'paused', detail: 'paused' };
    case 'created':
      return container.error
        ? { condition: 'crashed', detail: `it could not be started: ${container.error}` }
        : { condition: 'stopped', detail: 'created, not started' };
    case 'removing':
      return { condition: 'stopped', detail: 'being removed' };
    case 'dead':
      return { condition: 'crashed', detail: 'the engine could not remove it' };
  }
}

function judgeRunning(container: StackContainer): Judged {
  if (!hasHealthCheck(container)) return { condition: 'running', detail: 'running, no health check' };
  if (container.health === 'healthy') return { condition: 'healthy', detail: 'healthy' };
  if (container.health !== 'unhealthy') return { condition: 'starting', detail: 'no health check has passed yet' };
  const said = container.probeOutput?.trim().split('\n')[0];
  return { condition: 'unhealthy', detail: said ? `unhealthy: ${said}` : 'unhealthy' };
}

function judgeExited(container: StackContainer, isAwaited: boolean, reason: string): Judged {
  if (container.error) return { condition: 'crashed', detail: `it could not be started: ${container.error}` };
  const { exitCode, outOfMemory } = container;
  if (exitCode === 0) {
    return isAwaited || isJob(container)
      ? { condition: 'done', detail: 'done' }
      : { condition: 'stopped', detail: 'stopped, exit 0' };
  }
  // One that is restarted always stays down only when somebody stopped it, whatever its last words were.
  const isStopped = isAlwaysRestarted(container) || exitCode === 143 || exitCode === 130;
  return { condition: isStopped && !outOfMemory ? 'stopped' : 'crashed', detail: reason };
}

/** It ended by itself and nothing says that it should go on: no restart policy, no probe, no port. */
function isJob(container: StackContainer): boolean {
  const { PortBindings } = container.inspected.hostConfig;
  const publishes = Object.keys(readMap(PortBindings)).length > 0;
  return policyOf(container) === 'no' && !hasHealthCheck(container) && !publishes;
}

const isAlwaysRestarted = (container: StackContainer) => ['always', 'unless-stopped'].includes(policyOf(container));

const policyOf = ({ inspected }: StackContainer) => readText(readMap(inspected.hostConfig.RestartPolicy).Name) || 'no';
