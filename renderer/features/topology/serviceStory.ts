// One or two sentences on a service: what the engine says beside what its callers get. Pure.
import { formatPercent } from '../../components/format.ts';
import type { Times } from '../../components/useTimes.ts';
import type { TopologyNode } from './topologyNodes.ts';

export function toStory({ service, traffic, breaker }: TopologyNode, clock: Times['clock']): string {
  const engine = toEngineWords(service.level, service.statusText);
  const isTripped = breaker !== null && breaker.state !== 'closed';
  const errors = traffic?.errorShare ?? 0;
  if (isTripped) {
    const reason = breaker.transitions[0]?.reason;
    const opened = `its breaker is ${breaker.state} since ${clock(breaker.since)}`;
    return `${engine}${service.level === 'ok' ? ', yet' : ', and'} ${opened}${reason ? `: ${reason}` : ''}.`;
  }
  if (errors >= 0.01) {
    return `${engine}${service.level === 'ok' ? ', yet' : ', and'} ${formatPercent(errors)} % of its callers' requests fail.`;
  }
  if (traffic && traffic.requestsPerSecond === 0) return `${engine}. Nobody asked it in the last minute.`;
  return `${engine}.`;
}

function toEngineWords(level: TopologyNode['level'], statusText: string): string {
  if (level === 'ok') return `The container is up (${statusText})`;
  if (level === 'unknown') return `How it is cannot be said: ${statusText}`;
  return `The container is ${level}: ${statusText}`;
}
