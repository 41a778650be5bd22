// What an operator wants done to a stack, as the address says it: a plan that was looked at can be shared and reloaded,
// since making one changes nothing. Pure.
import { type PlanRequest, type PlanVerb, planVerbSchema } from '../../../app/contract/index.ts';
import { toProject } from '../../shell/toProject.ts';
import type { ViewSearch } from '../../shell/useViewSearch.ts';

/** `orphans`: containers that no file claims; `volumes`: named ones with all data; `carry`: data into the other mode. */
export type WishOption = 'orphans' | 'build' | 'pull' | 'recreate' | 'volumes' | 'carry';

export interface PlanWish {
  verb: PlanVerb;
  /** Where to; null: the mode of what runs. */
  mode: 'dev' | 'prod' | null;
  /** Empty: all of them. */
  services: readonly string[];
  /** Replicas by service, for `scale`. */
  scale: Readonly<Record<string, number>>;
  options: readonly WishOption[];
}

/** The options of a verb, in the order in which they are offered. */
export const wishOptions: Readonly<Partial<Record<PlanVerb, readonly WishOption[]>>> = {
  up: ['pull', 'build', 'recreate', 'orphans'],
  switch: ['carry'],
  down: ['orphans', 'volumes'],
};

export const optionWords: Readonly<Record<WishOption, string>> = {
  orphans: 'remove what no file claims',
  build: 'build images anew',
  pull: 'pull images anew',
  recreate: 'make all containers anew',
  volumes: 'remove volumes with all data',
  carry: 'carry data over',
};

export function wishFor(verb: PlanVerb, parts: Partial<Omit<PlanWish, 'verb'>> = {}): PlanWish {
  return { verb, mode: null, services: [], scale: {}, options: [], ...parts };
}

const REPLICA_LIMIT = 100;

/** null: the address asks for no plan, or for one of a verb that there is not. */
export function parseWish({ plan, to, on, scale, with: options }: ViewSearch): PlanWish | null {
  const verb = planVerbSchema.safeParse(plan);
  if (!verb.success) return null;
  return {
    verb: verb.data,
    mode: to === 'dev' || to === 'prod' ? to : null,
    services: toWords(on),
    scale: Object.fromEntries(
      toWords(scale).flatMap((pair) => {
        const [, name, count] = /^(.+):(\d{1,3})$/.exec(pair) ?? [];
        return name !== undefined && Number(count) <= REPLICA_LIMIT ? [[name, Number(count)]] : [];
      }),
    ),
    options: (wishOptions[verb.data] ?? []).filter((option) => toWords(options).includes(option)),
  };
}

/** What `parseWish` reads; with null what takes a wish out of the address. */
export function toWishSearch(wish: PlanWish | null): Record<'plan' | 'to' | 'on' | 'scale' | 'with', string | null> {
  if (!wish) return { plan: null, to: null, on: null, scale: null, with: null };
  const replicas = Object.entries(wish.scale).map(([name, count]) => `${name}:${count}`);
  return {
    plan: wish.verb,
    to: wish.mode,
    on: wish.services.join(',') || null,
    scale: replicas.join(',') || null,
    with: wish.options.join(',') || null,
  };
}

/** The same as parameters of a link. */
export function toWishLink(wish: PlanWish): Record<string, string> {
  const said = Object.entries(toWishSearch(wish)).filter((entry): entry is [string, string] => entry[1] !== null);
  return Object.fromEntries(said);
}

function toWords(text: string | undefined): string[] {
  return [...new Set((text ?? '').split(',').filter(Boolean))];
}

/** Verbs on containers want to know whose; a switch, where to; scale, how many. */
export function isComplete({ verb, services, scale, mode }: PlanWish): boolean {
  if (verb === 'scale') return Object.keys(scale).length > 0;
  if (verb === 'switch') return mode !== null;
  return !isOnContainers(verb) || services.length > 0;
}

export function isOnContainers(verb: PlanVerb): boolean {
  return verb === 'start' || verb === 'stop' || verb === 'pause' || verb === 'unpause' || verb === 'kill';
}

/**
 * The project's name goes with what is about data, so that the plan shows what would be lost or carried: a plan changes
 * nothing, and the name has to be typed before it is carried out.
 */
export function toPlanRequest(wish: PlanWish, environment: string): PlanRequest {
  const { verb, mode, services, scale, options } = wish;
  const project = toProject(environment);
  const has = (option: WishOption) => options.includes(option);
  return {
    environment,
    verb,
    ...(mode ? { mode } : {}),
    ...(services.length > 0 ? { services: [...services] } : {}),
    ...(verb === 'scale' ? { scale: { ...scale } } : {}),
    ...(has('orphans') ? { removeOrphans: true } : {}),
    ...(has('build') ? { build: true } : {}),
    ...(has('pull') ? { pull: 'always' as const } : {}),
    ...(has('recreate') ? { recreate: 'always' as const } : {}),
    ...(has('volumes') ? { removeVolumes: true, typed: project } : {}),
    ...(has('carry') ? { carryData: true, typed: project } : {}),
  };
}

const verbWords: Readonly<Record<PlanVerb, string>> = {
  up: 'Bring up',
  down: 'Take down',
  restart: 'Restart',
  scale: 'Scale',
  switch: 'Switch',
  start: 'Start',
  stop: 'Stop',
  pause: 'Pause',
  unpause: 'Resume',
  kill: 'Kill',
};

export function toVerbWord(verb: PlanVerb): string {
  return verbWords[verb];
}

/** `Switch to prod`, `Stop search, pricing`, `Bring up the stack`. */
export function sayWish({ verb, mode, services, scale }: PlanWish): string {
  if (verb === 'switch') return `Switch to ${mode ?? 'another mode'}`;
  const names = verb === 'scale' ? Object.entries(scale).map(([name, count]) => `${name} to ${count}`) : services;
  const whom = names.length === 0 ? 'the stack' : names.length > 4 ? `${names.length} services` : names.join(', ');
  return `${verbWords[verb]} ${whom}${verb === 'up' && mode ? ` in ${mode}` : ''}`;
}
