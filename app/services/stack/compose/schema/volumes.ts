// `volumes` of a service in its short form: `[source:]target[:options]`. Pure.
import { posix } from 'node:path';
import { findText, isMap, isText, type Node, type Place, toFields, toMap, toText } from '../node.ts';
import { problemAt } from '../problem.ts';
import { bytes, flag, list, record, text, whole } from './shape.ts';

const example = 'Write for example "./conf:/etc/app:ro", "data:/var/lib/data" or "/scratch".';
const propagations = ['rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave'];

export interface ShortVolume {
  readonly source?: string;
  readonly target: string;
  readonly options: readonly string[];
}

/** Says what is wrong in a text, instead of the volume. */
export function parseShortVolume(written: string): ShortVolume | string {
  if (written === '') return 'an empty volume';
  // One or two characters are no pair of paths: `C:` is a drive.
  if (written.length <= 2) return { target: written, options: [] };
  const parts = splitAtColons(written);
  if (parts.some((part) => part === '')) return `volume "${written}" has an empty section between colons`;
  if (parts.length > 3) return `volume "${written}" has too many colons`;
  const [first = '', target, options = ''] = parts;
  if (target === undefined) return { target: first, options: [] };
  return { source: first, target, options: options === '' ? [] : options.split(',') };
}

/** The colon of a Windows drive divides nothing. */
function splitAtColons(written: string): string[] {
  const parts: string[] = [];
  let part = '';
  for (const char of written) {
    if (char === ':' && !/^[A-Za-z]$/.test(part)) {
      parts.push(part);
      part = '';
    } else part += char;
  }
  return [...parts, part];
}

function isPath(source: string): boolean {
  return /^([./~]|\\\\|[A-Za-z]:)/.test(source);
}

function toLongVolume(node: Node): Node {
  if (!isText(node)) return node;
  const parsed = parseShortVolume(node.value);
  if (typeof parsed === 'string') throw problemAt(node.place, parsed, example);
  const { source, target, options } = parsed;
  const isBind = source !== undefined && isPath(source);
  // As docker-compose of old: the short form makes the folder on the host where it is missing.
  const bind = Object.assign({}, ...options.map(toBindOption), isBind ? { create_host_path: true } : {});
  const hasBind = Object.keys(bind).length > 0;
  const isReadOnly = options.findLast((option) => option === 'ro' || option === 'rw') === 'ro';
  return toFields(
    {
      type: isBind ? 'bind' : 'volume',
      source,
      target,
      read_only: isReadOnly ? true : undefined,
      bind: hasBind ? toFields(bind, node.place) : undefined,
      volume: isBind || node.value.length <= 2 ? undefined : toVolumeOptions(options, node.place),
    },
    node.place,
  );
}

function toVolumeOptions(options: readonly string[], place: Place): Node {
  return options.includes('nocopy') ? toFields({ nocopy: true }, place) : toMap([], place);
}

function toBindOption(option: string): Record<string, string> {
  if (propagations.includes(option)) return { propagation: option };
  return option === 'z' || option === 'Z' ? { selinux: option } : {};
}

const mount = record(
  {
    type: text(),
    source: text(),
    target: text(),
    read_only: flag(),
    consistency: text(),
    bind: record(
      {
        propagation: text(),
        create_host_path: flag(),
        recursive: text({ oneOf: ['enabled', 'disabled', 'writable', 'readonly'] }),
        selinux: text({ oneOf: ['z', 'Z'] }),
      },
      { keepEmpty: true },
    ),
    volume: record({ nocopy: flag(), subpath: text() }, { keepEmpty: true }),
    tmpfs: record({ size: bytes(), mode: whole({ strict: true }) }, { keepEmpty: true }),
  },
  { required: ['type', 'target'], toLong: toLongVolume },
);

/** `/data/` is `/data`, or it would be mounted twice. */
export function toCleanTarget(target: string): string {
  const clean = posix.normalize(target);
  return clean.length > 1 ? clean.replace(/\/$/, '') : clean;
}

export const mounts = list(mount, {
  keyOf(item) {
    const target = findText(item, 'target');
    return target === undefined ? undefined : toCleanTarget(target);
  },
});

/** `/dev/host[:/dev/container[:permissions]]`. */
export const devices = list(
  record(
    { source: text(), target: text(), permissions: text() },
    { required: ['source', 'target'], toLong: toLongDevice },
  ),
  { keyOf: (item) => (isMap(item) ? toText(item.entries.get('target')) : undefined) },
);

function toLongDevice(node: Node): Node {
  if (!isText(node)) return node;
  const [source = '', target = source, permissions = 'rwm', ...rest] = node.value.split(':');
  if (rest.length > 0)
    throw problemAt(node.place, `device "${node.value}" has too many colons`, 'Write for example "/dev/a:/dev/b:r".');
  return toFields({ source, target, permissions }, node.place);
}
