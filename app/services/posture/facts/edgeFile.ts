// The edge's configuration as the files of a stack give it: nginx's, where each of its files is mounted by itself.
import { relative } from 'node:path';
import { GatehouseError } from '../../../contract/index.ts';
import type { FileReader } from '../../stack/compose/fileReader.ts';
import type { Project } from '../../stack/compose/project.ts';
import type { EdgeFileFact, EdgeLimits } from './facts.ts';
import { findMounted } from './mountedFiles.ts';
import { findKind, type Roles } from './roles.ts';

const FILES = 30;
const HOME = /^\/etc\/nginx\//;

export async function readEdgeFile(
  { project, folder }: { project: Project; folder: string },
  roles: Roles,
  reader: FileReader,
): Promise<EdgeFileFact> {
  const edges = Object.entries(project.services).filter(
    ([name, { image = '' }]) => findKind(name, image, roles) === 'edge',
  );
  const [edge] = edges;
  if (!edge) return { state: 'absent' };
  const [name, service] = edge;
  if (!/nginx|openresty/i.test(`${name} ${service.image ?? ''}`))
    return { state: 'unknown', why: `the configuration of ${name} cannot be read in this version` };
  const mounted = findMounted(project, service).filter(({ target }) => HOME.test(`${target}/`));
  const files = mounted.filter(({ target }) => target.endsWith('.conf')).slice(0, FILES);
  // What a folder holds is not looked through; there is nothing to read among certificates.
  const isFolder = (target: string) => !/\.\w+$/.test(target) && !/cert|ssl|tls|key/i.test(target);
  if (files.length === 0 || mounted.some(({ target }) => isFolder(target)))
    return { state: 'unknown', why: `${name} is not given its configuration file by file, so that it was not read` };
  try {
    const texts = await Promise.all(files.map(({ source }) => reader.readText(source)));
    const missing = files[texts.indexOf(undefined)];
    if (missing) return { state: 'unknown', why: `${missing.source} is not there` };
    const where = files.map(({ source }) => relative(folder, source)).join(', ');
    return { state: 'known', where, limits: findLimits(texts.join('\n')) };
  } catch (error) {
    if (!(error instanceof GatehouseError)) throw error;
    return { state: 'unknown', why: error.message };
  }
}

/** A zone of addresses alone: one that all clients share would let one of them take what belongs to all. */
const ZONE = /\blimit_(req|conn)_zone\s+\$(?:binary_)?remote_addr\s+zone=([\w.-]+):/g;
const USE = /\blimit_(?:req\s+(?:[^;]*\s)?zone=|conn\s+)([\w.-]+)/g;

/** Zones that are declared and applied somewhere. Pure. */
export function findLimits(text: string): EdgeLimits {
  // A `#` within quotes begins no comment, but no limit stands in one either.
  const plain = text.replace(/(^|\s)#.*$/gm, '');
  const used = new Set([...plain.matchAll(USE)].map(([, name]) => name));
  const zones = (kind: string) =>
    [...plain.matchAll(ZONE)].flatMap(([, of, name = '']) => (of === kind && used.has(name) ? [name] : []));
  return { requests: zones('req'), connections: zones('conn') };
}
