// How well a service is, from its containers: the level and the words beside it. Pure; the table is in the test.
import type { Level } from '../../contract/index.ts';
import type { ObservedContainer } from '../docker/observed.ts';

export interface Judged {
  level: Level;
  text: string;
}

export interface JudgedService {
  containers: readonly ObservedContainer[];
  /** Someone waits for its end (depends_on: service_completed_successfully). */
  isAwaited: boolean;
}

export function judgeService({ containers, isAwaited }: JudgedService): Judged {
  if (containers.length === 0) return { level: 'unknown', text: 'declared, not created' };
  const judged = containers.map((container) => judgeContainer(container, isAwaited));
  const [first] = judged;
  if (judged.length === 1 && first) return first;
  return merge(judged);
}

const order: readonly Level[] = ['down', 'degraded', 'unknown', 'ok'];

/** Replicas: all down is down, some down is degraded, and the words say how many. */
function merge(judged: readonly Judged[]): Judged {
  const worst = order.find((level) => judged.some((one) => one.level === level)) ?? 'unknown';
  const inTrouble = judged.filter(({ level }) => level === worst);
  const example = inTrouble[0]?.text ?? '';
  if (inTrouble.length === judged.length) return { level: worst, text: `${example} (all ${judged.length})` };
  return { level: worst === 'down' ? 'degraded' : worst, text: `${inTrouble.length} of ${judged.length}: ${example}` };
}

function judgeContainer(container: ObservedContainer, isAwaited: boolean): Judged {
  switch (container.state) {
    case 'running':
      return judgeRunning(container);
    case 'exited':
      return judgeExited(container, isAwaited);
    case 'restarting':
      return { level: 'down', text: `restarting, ${exitText(container)}` };
    case 'paused':
      return { level: 'down', text: 'paused' };
    case 'created':
      return { level: 'unknown', text: 'created, not started' };
    case 'removing':
      return { level: 'down', text: 'being removed' };
    case 'dead':
      return { level: 'down', text: 'dead: the engine could not remove it' };
  }
}

function judgeRunning(container: ObservedContainer): Judged {
  switch (container.health) {
    case 'healthy':
      return { level: 'ok', text: 'healthy' };
    case 'unhealthy': {
      const said = container.probes[0]?.output.trim().split('\n')[0]?.slice(0, 160);
      return { level: 'degraded', text: said ? `unhealthy: ${said}` : 'unhealthy' };
    }
    case 'starting':
      return { level: 'unknown', text: 'starting' };
    case 'none':
      // It runs, and nobody checks whether it works.
      return { level: 'unknown', text: 'running, no health check' };
  }
}

function judgeExited(container: ObservedContainer, isAwaited: boolean): Judged {
  if (container.exitCode === 0 && isOneShot(container, isAwaited)) return { level: 'ok', text: 'done' };
  return { level: 'down', text: `stopped, ${exitText(container)}` };
}

/**
 * A job that ended well, as opposed to a server that was stopped gracefully, which exits 0 as well:
 * someone waits for its end, or it is neither restarted, probed nor listening.
 */
function isOneShot(container: ObservedContainer, isAwaited: boolean): boolean {
  if (isAwaited) return true;
  return container.restartPolicy === 'no' && !container.hasHealthCheck && container.ports.length === 0;
}

function exitText(container: ObservedContainer): string {
  return `exit ${container.exitCode ?? 'unknown'}${container.outOfMemory ? ', out of memory' : ''}`;
}
