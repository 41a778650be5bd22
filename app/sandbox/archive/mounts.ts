// From a path in a container to a path of this machine. All that a container of the sandbox has of files is what is
// mounted into it.
import { realpathSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import type { Container, ResolvedMount } from '../containers/container.ts';

export interface MountedPath {
  mount: ResolvedMount;
  hostPath: string;
}

/** The innermost mount that holds the path, whether or not the file is there. `..` never leaves the container's root. */
export function findMounted({ mounts }: Pick<Container, 'mounts'>, path: string): MountedPath | undefined {
  const wanted = posix.normalize(posix.join('/', path)).replace(/(?<=.)\/$/, '');
  const holding = mounts
    .map((mount) => ({ mount, target: posix.normalize(posix.join('/', mount.target)).replace(/(?<=.)\/$/, '') }))
    .filter(({ target }) => wanted === target || wanted.startsWith(target === '/' ? '/' : `${target}/`))
    .sort((a, b) => b.target.length - a.target.length)[0];
  if (holding === undefined) return undefined;
  const { mount, target } = holding;
  return { mount, hostPath: join(mount.source, ...wanted.slice(target.length).split('/')) };
}

/** The file itself, links resolved; null when it is not there, or a link leads out of its mount. */
export function findHostPath(container: Pick<Container, 'mounts'>, path: string): string | null {
  const found = findMounted(container, path);
  return found === undefined ? null : resolveInside(found);
}

export function resolveInside({ mount, hostPath }: MountedPath): string | null {
  try {
    const root = realpathSync(mount.source);
    const real = realpathSync(hostPath);
    return real === root || real.startsWith(root.endsWith(sep) ? root : root + sep) ? real : null;
  } catch {
    return null;
  }
}
