// Pass: relative paths become absolute ones, from the folder of the file that says them.
import type { PlatformPath } from 'node:path';
import { find, findMap, findText, isList, isMap, isText, mapEntries, type Node, toScalar, withEntry } from './node.ts';
import { problemAt } from './problem.ts';
import { type PathRule, type Shape, shapeOfKey } from './schema/shape.ts';
import { mounts } from './schema/volumes.ts';

export interface PathBase {
  readonly path: PlatformPath;
  readonly folder: string;
  readonly home: string;
}

export function resolvePaths(shape: Shape, node: Node, base: PathBase): Node {
  if (shape === mounts && isList(node)) return { ...node, items: node.items.map((item) => resolveMount(item, base)) };
  if (shape.is === 'list' && isList(node)) {
    return { ...node, items: node.items.map((item) => resolvePaths(shape.of, item, base)) };
  }
  if (shape.is === 'table' && isMap(node)) return mapEntries(node, (item) => resolvePaths(shape.of, item, base));
  if (shape.is === 'record' && isMap(node)) {
    return mapEntries(node, (item, key) => {
      const of = shapeOfKey(shape, key);
      return of ? resolvePaths(of, item, base) : item;
    });
  }
  const rule = 'path' in shape ? shape.path : undefined;
  return rule && isText(node) ? { ...node, value: resolvePath(node.value, rule, base) } : node;
}

function resolvePath(written: string, rule: PathRule, base: PathBase): string {
  if (rule === 'context' && isElsewhere(written)) return written;
  if (rule === 'bind' && isAbsoluteAnywhere(written)) return written;
  const idLength = rule === 'key' ? written.indexOf('=') + 1 : 0;
  if (rule === 'key' && idLength === 0) return written;
  return written.slice(0, idLength) + toAbsolute(written.slice(idLength), base);
}

export function toAbsolute(written: string, { path, folder, home }: PathBase): string {
  if (written === '') return written;
  const expanded = /^~(?=\/|\\|$)/.test(written) ? path.join(home, written.slice(1)) : written;
  return path.isAbsolute(expanded) ? expanded : path.join(folder, expanded);
}

/** Contexts that a builder fetches itself: URLs, other services, images. */
function isElsewhere(context: string): boolean {
  return context.includes('://') || /^(service:|git@|github\.com\/)/.test(context);
}

/** A path of Windows for an engine elsewhere, or the other way round. */
function isAbsoluteAnywhere(written: string): boolean {
  return written.startsWith('/') || /^([A-Za-z]:[\\/]|\\\\)/.test(written);
}

function resolveMount(node: Node, base: PathBase): Node {
  if (!isMap(node) || findText(node, 'type') !== 'bind') return node;
  const source = find(node, 'source');
  if (!isText(source))
    throw problemAt(node.place, 'a bind mount has no source', 'Say which folder or file of the host is mounted.');
  return withEntry(node, 'source', toScalar(resolvePath(source.value, 'bind', base), source.place));
}

/** A volume of the local driver with `o: bind` is a bind mount: its device is a path. */
export function resolveVolumeDevices(model: Node, base: PathBase): Node {
  const volumes = findMap(model, 'volumes');
  if (!isMap(model) || !volumes) return model;
  const resolved = mapEntries(volumes, (volume) => {
    const options = findMap(volume, 'driver_opts');
    const device = find(options, 'device');
    if (findText(volume, 'driver') !== 'local' || findText(options, 'o') !== 'bind') return volume;
    if (!isMap(volume) || !options || !isText(device)) return volume;
    const absolute = toScalar(resolvePath(device.value, 'bind', base), device.place);
    return withEntry(volume, 'driver_opts', withEntry(options, 'device', absolute));
  });
  return withEntry(model, 'volumes', resolved);
}
