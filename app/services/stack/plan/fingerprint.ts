// What a plan was made from, as one value: when it is another, somebody has changed the stack since.
import { createHash } from 'node:crypto';
import type { StackContainer } from '../../docker/stackContainer.ts';
import type { ObservedStack } from './observedStack.ts';

/** Only what somebody's doing changes: not health, not restarts, not which other projects there are. */
export function toFingerprint(observed: ObservedStack): string {
  const parts = {
    project: observed.project,
    containers: observed.containers.map(toParts).sort(),
    networks: Object.values(observed.networks)
      .map(({ id, name, doubles }) => [name, id, ...doubles].join(' '))
      .sort(),
    volumes: Object.keys(observed.volumes).sort(),
    images: Object.entries(observed.images)
      .map(([reference, image]) => `${reference} ${image?.id ?? ''}`)
      .sort(),
    files: Object.entries(observed.files)
      .map(([path, fact]) => `${path} ${fact}`)
      .sort(),
  };
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

function toParts({ id, name, state, inspected }: StackContainer): string {
  // A container in a crash loop is running or restarting by chance.
  const life = state === 'restarting' ? 'running' : state;
  return [id, name, life, ...Object.keys(inspected.networks).sort()].join(' ');
}
