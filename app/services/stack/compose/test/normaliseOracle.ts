// In what docker compose 2.26 prints otherwise than we do. This is all that may differ, and it has its own test.
import { withDoubledDollars } from '../printProject.ts';
import type { Project } from '../project.ts';

type Json = Record<string, unknown>;
type Change = (value: unknown, path: readonly string[]) => unknown;

/** Ours, as compose would print it. */
export function toComposeForm(project: Project): unknown {
  return walk(withDoubledDollars(project), (value, path) => {
    if (isKeyList(value, path)) return value.toSorted();
    if (!isMap(value)) return value;
    const kept = Object.entries(value).filter(([key]) => !isLeftOut([...path, key]));
    return Object.fromEntries(kept);
  });
}

/** Compose's, without what depends on how it was asked. */
export function toOurForm(printed: unknown): unknown {
  return walk(printed, (value, path) => {
    // Go's field names, where its authors forgot to give them others.
    if (isMap(value) && path[2] === 'blkio_config') return lowerKeys(value);
    // `id: path` in YAML.
    if (isKeyList(value, path)) return value.map((key) => key.replace(': ', '=')).toSorted();
    // YAML leaves these out, JSON prints them.
    if (path.length === 2 && path[0] === 'services' && isMap(value))
      return { command: null, entrypoint: null, ...value };
    if (path.length === 2 && path[0] === 'networks' && isMap(value)) return { ipam: {}, ...value };
    return value;
  });
}

/** Keys of SSH: compose keeps them in a table of Go, and prints them in another order each time. */
const isKeyList = (value: unknown, path: readonly string[]): value is string[] =>
  Array.isArray(value) && path.at(-1) === 'ssh' && path.at(-2) === 'build';

/** Tables, whose keys are the operator's: `x-…` is no extension there. */
const tables = new Set([
  'additional_contexts',
  'annotations',
  'args',
  'aux_addresses',
  'configs',
  'depends_on',
  'driver_opts',
  'environment',
  'labels',
  'networks',
  'options',
  'secrets',
  'services',
  'storage_opt',
  'sysctls',
  'ulimits',
  'volumes',
]);

function isLeftOut(path: readonly string[]): boolean {
  const key = path.at(-1) ?? '';
  const parent = path.at(-2) ?? '';
  // Read by compose, and lost on the way.
  if (key === 'gw_priority') return true;
  if (key === 'options' && parent === 'ipam') return true;
  // Extensions are printed at the top only.
  return key.startsWith('x-') && path.length > 1 && !path[0]?.startsWith('x-') && !tables.has(parent);
}

function walk(value: unknown, change: Change, path: readonly string[] = []): unknown {
  const changed = change(value, path);
  if (Array.isArray(changed)) return changed.map((item, at) => walk(item, change, [...path, String(at)]));
  if (!isMap(changed)) return changed;
  return Object.fromEntries(Object.entries(changed).map(([key, item]) => [key, walk(item, change, [...path, key])]));
}

function lowerKeys(map: Json): Json {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key.toLowerCase(), value]));
}

function isMap(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
