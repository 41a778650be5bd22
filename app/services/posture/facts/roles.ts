// Which service is the edge and which the gateway: said in `x-gatehouse`, else found by image and name.
import type { ServiceKind } from '../../../contract/index.ts';
import type { Project } from '../../stack/compose/project.ts';
import { findServiceKind } from '../../stack/serviceKind.ts';
import { readMap, readText, readTexts } from '../../stack/spec/rawValues.ts';

/** Service → what the files say that it is. */
export type Roles = ReadonlyMap<string, ServiceKind>;

const SAID = [
  'edge',
  'gateway',
  'metrics',
  'traces',
  'dashboard',
  'store',
  'queue',
  'exporter',
  'app',
] as const satisfies ServiceKind[];

/** `x-gatehouse: { edge: proxy, gateway: [api], store: [ledger] }`. */
export function findRoles(project: Project | null): Roles {
  const said = readMap(project?.['x-gatehouse']);
  return new Map(
    SAID.flatMap((kind) => {
      const names = Array.isArray(said[kind]) ? readTexts(said[kind]) : [readText(said[kind])];
      return names.filter(Boolean).map((name) => [name, kind] as const);
    }),
  );
}

export function findKind(service: string, image: string, roles: Roles): ServiceKind {
  return roles.get(service) ?? findServiceKind(service, image);
}
