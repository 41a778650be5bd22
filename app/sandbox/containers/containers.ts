// The containers that exist, found as Docker finds them: by name, id or the beginning of an id.
import { EngineError } from '../http/engineError.ts';
import type { Container } from './container.ts';

export interface Containers {
  /** In order of creation. */
  list(): Container[];
  /** Throws EngineError 404, or 400 when the beginning of an id fits several. */
  get(nameOrId: string): Container;
  findByName(name: string): Container | undefined;
  add(container: Container): void;
  remove(container: Container): void;
}

/** Each is a process of tens of megabytes. */
const CONTAINERS_LIMIT = 200;

export function createContainers(): Containers {
  const containers = new Map<string, Container>();
  const findByName = (name: string) => [...containers.values()].find((container) => container.name === name);

  return {
    list: () => [...containers.values()],
    findByName,
    get(nameOrId) {
      const found = containers.get(nameOrId) ?? findByName(nameOrId.replace(/^\//, ''));
      if (found !== undefined) return found;
      const fitting = [...containers.values()].filter(({ id }) => nameOrId.length > 0 && id.startsWith(nameOrId));
      if (fitting.length > 1) throw new EngineError(400, `multiple IDs found with provided prefix: ${nameOrId}`);
      if (fitting[0] === undefined) throw new EngineError(404, `No such container: ${nameOrId}`);
      return fitting[0];
    },
    add(container) {
      if (containers.size >= CONTAINERS_LIMIT) {
        throw new EngineError(500, `the sandbox has at most ${CONTAINERS_LIMIT} containers; remove some first`);
      }
      containers.set(container.id, container);
    },
    remove(container) {
      containers.delete(container.id);
    },
  };
}
