// Which verbs make sense for a service as it is. Pure.
import type { PlanVerb, Service } from '../../../app/contract/index.ts';
import { type PlanWish, toVerbWord, wishFor } from './planWish.ts';

export interface ServiceVerb {
  label: string;
  wish: PlanWish;
  /** Takes something down. */
  isEnding: boolean;
}

export function findServiceVerbs({ name, containers }: Pick<Service, 'name' | 'containers'>): ServiceVerb[] {
  const has = (...states: string[]) => containers.some(({ state }) => states.includes(state));
  const on = (verb: PlanVerb, isEnding = false): ServiceVerb => ({
    label: `${toVerbWord(verb)}…`,
    wish: wishFor(verb, { services: [name] }),
    isEnding,
  });
  if (containers.length === 0) return [on('up')];
  const scale = wishFor('scale', { scale: { [name]: containers.length } });
  return [
    ...(has('created', 'exited', 'dead') ? [on('start')] : []),
    ...(has('paused') ? [on('unpause')] : []),
    ...(has('running', 'restarting', 'exited') ? [on('restart')] : []),
    { label: 'Scale…', wish: scale, isEnding: false },
    ...(has('running') ? [on('pause', true)] : []),
    ...(has('running', 'restarting', 'paused') ? [on('stop', true), on('kill', true)] : []),
  ];
}
