// The volumes of the sandbox: folders under its state folder. Its processes do not see them; they hold what is copied
// in and out (docker cp), and who mounts what.
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Container } from '../containers/container.ts';
import { EngineError } from '../http/engineError.ts';
import type { EventLog } from '../streams/eventLog.ts';

export interface Volume {
  name: string;
  /** It was made for one container, and goes with it (`docker rm -v`). */
  nameless: boolean;
  createdAt: number;
  labels: Record<string, string>;
  /** Of the driver; recorded, and without effect. */
  options: Record<string, string> | null;
  folder: string;
}

type Given = Partial<Pick<Volume, 'labels' | 'options'>>;

export interface Volumes {
  list(): Volume[];
  /** Throws EngineError 404. */
  get(name: string): Volume;
  /** The volume of that name, made when it is not there; an empty name makes one. Throws EngineError 400. */
  ensure(name: string, given?: Given): Volume;
  /** Throws EngineError 409 while one of `containers` mounts it. */
  remove(volume: Volume, containers: readonly Container[]): void;
  /** Removes what `container` alone had, of the nameless ones. */
  removeNameless(container: Container, others: readonly Container[]): void;
}

const VOLUMES_LIMIT = 500;
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/;

export const findUsers = (volume: Volume, containers: readonly Container[]) =>
  containers.filter(({ mounts }) => mounts.some((mount) => mount.volume === volume.name));

export function createVolumes(rootFolder: string, events: EventLog): Volumes {
  const volumes = new Map<string, Volume>();
  const emit = ({ name }: Volume, action: string) =>
    events.emit('volume', action, { ID: name, Attributes: { driver: 'local' } });

  function add(name: string, { labels = {}, options = null }: Given, nameless: boolean): Volume {
    if (volumes.size >= VOLUMES_LIMIT) {
      throw new EngineError(500, `the sandbox has at most ${VOLUMES_LIMIT} volumes; remove some first`);
    }
    const folder = join(rootFolder, name, '_data');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const volume = { name, nameless, createdAt: Date.now(), labels, options, folder };
    volumes.set(name, volume);
    emit(volume, 'create');
    return volume;
  }

  function remove(volume: Volume): void {
    volumes.delete(volume.name);
    rmSync(join(rootFolder, volume.name), { recursive: true, force: true });
    emit(volume, 'destroy');
  }

  return {
    list: () => [...volumes.values()],
    get(name) {
      const volume = volumes.get(name);
      if (volume === undefined) throw new EngineError(404, `get ${name}: no such volume`);
      return volume;
    },
    ensure(name, given = {}) {
      if (name === '') return add(randomBytes(32).toString('hex'), given, true);
      if (!NAME.test(name)) {
        throw new EngineError(
          400,
          `create ${name}: ${JSON.stringify(name)} includes invalid characters for a local volume name, only ` +
            '"[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path',
        );
      }
      return volumes.get(name) ?? add(name, given, false);
    },
    remove(volume, containers) {
      const users = findUsers(volume, containers).map(({ id }) => id);
      if (users.length > 0) {
        throw new EngineError(409, `remove ${volume.name}: volume is in use - [${users.join(', ')}]`);
      }
      remove(volume);
    },
    removeNameless(container, others) {
      for (const mount of container.mounts) {
        const volume = mount.volume === null ? undefined : volumes.get(mount.volume);
        if (volume?.nameless && findUsers(volume, others).length === 0) remove(volume);
      }
    },
  };
}
