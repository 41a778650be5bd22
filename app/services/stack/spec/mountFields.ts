import { field, type Pair } from './fieldPairs.ts';
import { formatExactBytes } from './quantities.ts';
import { type Raw, readMap, readMaps, readNumber, readText, readTexts } from './rawValues.ts';

/** A volume that the engine named itself: what it is called says nothing about the spec. */
const anonymousName = /^[0-9a-f]{64}$/;

/** By target, since a container has one mount there, however it was asked for. */
export function toMountFields(config: Raw, host: Raw): Pair[] {
  const bare = Object.keys(readMap(config.Volumes)).map((target): Pair => [target, 'anonymous volume']);
  const all = [...bare, ...readTexts(host.Binds).map(readBind), ...readMaps(host.Mounts).map(readMount)];
  const mounts = [...new Map(all)].map(([target, text]): Pair => [`volumes.${target}`, text]);
  const tmpfs = Object.entries(readMap(host.Tmpfs)).map(
    ([target, options]): Pair => [`tmpfs.${target}`, readText(options) || 'mounted'],
  );
  return [...mounts, ...tmpfs];
}

/** `source:target[:options]`; a source that is no path names a volume. A Windows path has a colon of its own. */
function readBind(text: string): Pair {
  const [, source = '', target = '', options = ''] = /^((?:[A-Za-z]:[\\/])?[^:]*):([^:]*)(?::(.*))?$/.exec(text) ?? [];
  const flags = options.split(',').filter((flag) => !['', 'rw', 'rprivate'].includes(flag));
  return [target, toText(/^(\/|~|\.|[A-Za-z]:[\\/]|\\\\)/.test(source) ? 'bind' : 'volume', source, flags)];
}

function readMount(mount: Raw): Pair {
  const volume = readMap(mount.VolumeOptions);
  const tmpfs = readMap(mount.TmpfsOptions);
  const bind = readMap(mount.BindOptions);
  const flags = [
    mount.ReadOnly === true ? 'ro' : '',
    volume.NoCopy === true ? 'nocopy' : '',
    readText(volume.Subpath) === '' ? '' : `subpath=${readText(volume.Subpath)}`,
    readText(bind.Propagation).replace(/^rprivate$/, ''),
    bind.NonRecursive === true ? 'recursive=disabled' : '',
    ...field('size', readNumber(tmpfs.SizeBytes) ? formatExactBytes(readNumber(tmpfs.SizeBytes)) : '').map((one) =>
      one.join('='),
    ),
    ...field('mode', readNumber(tmpfs.Mode) ? readNumber(tmpfs.Mode).toString(8) : '').map((one) => one.join('=')),
  ];
  return [readText(mount.Target), toText(readText(mount.Type), readText(mount.Source), flags.filter(Boolean))];
}

function toText(type: string, source: string, flags: readonly string[]): string {
  const isAnonymous = type === 'volume' && (source === '' || anonymousName.test(source));
  return [isAnonymous ? 'anonymous volume' : [type, source].filter(Boolean).join(' '), ...flags].join(', ');
}
