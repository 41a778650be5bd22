// Which container of a project is asked for something, and the ways to it; where there is none, why and what to do. Pure.
import type { ServiceKind } from '../../contract/index.ts';
import type { ObservedContainer } from '../docker/observed.ts';
import type { Observed } from '../docker/reducer.ts';
import { findServiceKind } from '../stack/serviceKind.ts';
import { findWays, type ServicePlace } from './serviceWays.ts';

export type FoundPlace =
  /** The engine has not said yet what runs. */
  | { readonly kind: 'unknown' }
  /** `reason` and `remedy` as sentences. */
  | { readonly kind: 'absent'; readonly reason: string; readonly remedy: string }
  | (ServicePlace & {
      readonly kind: 'present';
      /** Of several only one is asked, or everything would be there twice. */
      readonly running: number;
    });

export interface PlaceFacts {
  observed: Observed | undefined;
  /** Whether what its engine publishes is published on this machine. */
  isLocalEngine: boolean;
}

export interface SoughtService {
  readonly kind: ServiceKind;
  /** `Prometheus`. */
  readonly product: string;
  /** What can be had with it: `PromQL, targets and alerts`. */
  readonly gives: string;
  readonly usualPorts: readonly number[];
  /** Services that are said to be it, whatever their image and name. */
  readonly said?: ReadonlySet<string>;
}

const standInLabel = 'gatehouse.stand-in';

export function findServicePlace({ observed, isLocalEngine }: PlaceFacts, sought: SoughtService): FoundPlace {
  if (!observed) return { kind: 'unknown' };
  const containers = [...observed.containers.values()].filter(({ service, oneOff }) => service !== null && !oneOff);
  const all = containers.filter((one) => isSought(one, sought)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const real = all.filter(({ labels }) => labels[standInLabel] === undefined);
  const running = real.filter(({ state }) => state === 'running');
  const [chosen] = running;
  if (!chosen) return withoutRunning(all, real, sought);
  const service = chosen.service ?? chosen.name;
  const ways = findWays(chosen, { containers, isLocalEngine, usualPorts: sought.usualPorts });
  if (ways.length === 0) return withoutWay(service, isLocalEngine, sought);
  const { id: container, startedAt } = chosen;
  return { kind: 'present', service, container, startedAt, ways, running: running.length };
}

function isSought({ service, image }: ObservedContainer, { kind, said }: SoughtService): boolean {
  if (said && said.size > 0) return said.has(service ?? '');
  return findServiceKind(service ?? '', image) === kind;
}

function withoutRunning(
  all: readonly ObservedContainer[],
  real: readonly ObservedContainer[],
  { product, gives }: SoughtService,
): FoundPlace {
  const [stopped] = real;
  if (stopped) {
    return {
      kind: 'absent',
      reason: `${stopped.service} does not run: its container is ${stopped.state}.`,
      remedy: `Start ${stopped.service}, then ${gives} can be asked for.`,
    };
  }
  const [standIn] = all;
  if (standIn) {
    return {
      kind: 'absent',
      reason: `${standIn.service} is a stand-in here: no ${product} runs in the sandbox.`,
      remedy: `Run the stack on a Docker engine for ${gives}.`,
    };
  }
  return {
    kind: 'absent',
    reason: `No service of the project is a ${product}.`,
    remedy: `Add one to the compose file for ${gives}; it is found by its image or its name.`,
  };
}

function withoutWay(service: string, isLocalEngine: boolean, { product }: SoughtService): FoundPlace {
  const published = isLocalEngine ? 'publishes no port' : 'is on another machine';
  return {
    kind: 'absent',
    reason: `${service} ${published}, and no gateway that runs is on one of its networks to reach it through.`,
    remedy: `Put the gateway on a network of ${product}, as the platform does with monitoring_network.`,
  };
}
