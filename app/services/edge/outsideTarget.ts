// Where and how the stack is asked from outside: its published port, and what its files or labels say of the probe. Pure.
import type { ServiceKind } from '../../contract/index.ts';
import type { EngineAddress } from '../docker/address.ts';
import type { ObservedContainer } from '../docker/observed.ts';
import type { Observed } from '../docker/reducer.ts';
import { findKind, findRoles } from '../posture/facts/roles.ts';
import { findEdgeTarget, type Place } from '../posture/probes/edgeTarget.ts';
import type { Project } from '../stack/compose/project.ts';
import { isOurGateway } from '../stack/serviceKind.ts';
import { readMap, readText } from '../stack/spec/rawValues.ts';

export interface OutsideFacts {
  readonly observed: Observed;
  readonly declared: Project | null;
  readonly address: EngineAddress;
}

export interface FoundOutside {
  readonly kind: 'found';
  readonly service: string;
  readonly container: string;
  readonly standInFor: string | null;
  readonly https: Place | null;
  readonly http: Place | null;
  readonly path: string;
  /** Somebody chose the path, so that it has to be there. */
  readonly isChosen: boolean;
  /** The name that clients use; null: nobody said it. */
  readonly host: string | null;
  /** Where the files say that the stack's own authority is; null: beside its certificate. */
  readonly authorityFile: string | null;
}

export type OutsideTarget = FoundOutside | { readonly kind: 'none'; readonly why: string };

/** A path without spaces and controls: it becomes a request line. */
const pathShape = /^\/[\x21-\x7e]{0,511}$/;
const hostShape = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i;

export function findOutsideTarget({ observed, declared, address }: OutsideFacts): OutsideTarget {
  const roles = findRoles(declared);
  const containers = [...observed.containers.values()].filter(({ service, oneOff }) => service !== null && !oneOff);
  const parts = containers.map((container) => ({
    container,
    kind: findKind(container.service ?? '', container.image, roles),
    ports: container.ports.flatMap(({ containerPort, protocol, hostIp, hostPort }) =>
      hostPort === null
        ? []
        : [{ containerPort, protocol, hostIp: hostIp ?? '', hostPorts: [hostPort, hostPort] as const }],
    ),
  }));
  // Clients come by the edge: with it gone, what answers behind it is nothing that they get.
  const missing = findMissingEdge(declared, roles, parts);
  if (missing !== undefined) return { kind: 'none', why: `${missing} does not run` };
  const running = parts.filter(({ container }) => container.state === 'running');
  const target = findEdgeTarget({ parts: running }, address);
  if (target.kind === 'absent') return { kind: 'none', why: 'neither an edge nor a gateway runs' };
  if (target.kind === 'unreachable') return { kind: 'none', why: target.why };
  const entry = running.find(({ kind }) => kind === 'edge') ?? running.find(({ kind }) => kind === 'gateway');
  if (!entry) return { kind: 'none', why: 'neither an edge nor a gateway runs' };
  const { service, id, labels } = entry.container;
  const said = readMap(readMap(declared?.['x-gatehouse']).probe);
  const read = (name: 'path' | 'host') => labels[`gatehouse.probe.${name}`] ?? readText(said[name]);
  const [path, host] = [read('path'), read('host')];
  // A gateway of ours answers for itself; of anything else only its root is certain to be there.
  const usual = containers.some(({ image, labels: own }) => isOurGateway(image, own)) ? '/health' : '/';
  return {
    kind: 'found',
    service: service ?? '',
    container: id,
    standInFor: observed.engine.isSandbox ? (labels['gatehouse.stand-in']?.slice(0, 64) ?? null) : null,
    https: target.https,
    http: target.http,
    path: pathShape.test(path) ? path : usual,
    isChosen: pathShape.test(path),
    host: hostShape.test(host) ? host : null,
    authorityFile: readText(said.authority) || null,
  };
}

interface EntryPart {
  readonly kind: ServiceKind;
  readonly container: Pick<ObservedContainer, 'service' | 'state'>;
}

/** An edge that the stack has, by its containers or its files, where none of it runs. */
function findMissingEdge(
  declared: Project | null,
  roles: ReturnType<typeof findRoles>,
  parts: readonly EntryPart[],
): string | undefined {
  const edges = parts.filter(({ kind }) => kind === 'edge');
  if (edges.some(({ container }) => container.state === 'running')) return undefined;
  const said = Object.entries(declared?.services ?? {}).find(
    ([name, { image }]) => findKind(name, image ?? '', roles) === 'edge',
  );
  return edges[0]?.container.service ?? said?.[0];
}
