// The frame of an environment, from what its sources say. Pure.
import {
  type Breaker,
  type Connection,
  type EngineKind,
  type Environment,
  type EnvironmentColour,
  type EnvironmentSettings,
  environmentColours,
  type RouteMetrics,
  type RouteTable,
  type Topology,
} from '../../contract/index.ts';
import type { GuardState } from './guard.ts';
import { verdict } from './verdict.ts';

export interface FrameFacts {
  now: number;
  id: string;
  project: string;
  engineKind: EngineKind;
  place: string;
  mode: Environment['mode'];
  guard: GuardState;
  settings: EnvironmentSettings;
  engine: Connection;
  gateway: Connection;
  isObserved: boolean;
  topology: Topology;
  routes: RouteTable | undefined;
  breakers: readonly Breaker[] | undefined;
  metrics: RouteMetrics;
}

export function toFrame(facts: FrameFacts): Environment {
  const { topology, routes, breakers, metrics, guard, engine, gateway, now, project, isObserved } = facts;
  const services = topology.services;
  return {
    id: facts.id,
    name: facts.settings.name ?? project,
    colour: facts.settings.colour ?? toColour(facts.id),
    engineKind: facts.engineKind,
    place: facts.place,
    mode: facts.mode,
    guard: guard.guard,
    guardReason: guard.reason,
    unlockedUntil: guard.unlockedUntil,
    engine,
    gateway,
    verdict: verdict({
      now,
      project,
      engine,
      gateway,
      isObserved,
      services,
      routes: routes?.routes ?? [],
      breakers: breakers ?? null,
      metrics,
    }),
    counts: {
      services: services.length,
      servicesInTrouble: services.filter(({ level }) => level === 'down' || level === 'degraded').length,
      routes: routes?.routes.length ?? 0,
      breakersTripped: breakers?.filter(({ state }) => state !== 'closed').length ?? 0,
      requestsPerSecond: gateway.state === 'live' ? metrics.total.requestsPerSecond : null,
    },
  };
}

/** The same place has the same colour on every machine until somebody chooses another. */
function toColour(id: string): EnvironmentColour {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return environmentColours[hash % environmentColours.length] ?? 'slate';
}

/** By the names of the compose files: production only where a file says so. */
export function findMode(files: readonly string[]): Environment['mode'] {
  const names = files.map((file) => file.split(/[\\/]/).at(-1) ?? '');
  if (names.some((name) => /\bprod(uction)?\b/.test(name))) return 'prod';
  return names.some((name) => /^(docker-)?compose(\.(dev|override))?\.ya?ml$/.test(name)) ? 'dev' : 'unknown';
}
