// Which mode a container, a volume and a whole stack are of.
import type { PlanVolume } from '../../../contract/index.ts';
import type { StackContainer } from '../../docker/stackContainer.ts';
import { findMode as findModeOfFiles } from '../../environment/frame.ts';
import { MODE_LABEL } from '../spec/configSection.ts';
import type { ObservedStack } from './observedStack.ts';

/** From our label; of what compose made, from the names of its files. */
export function findMode(labels: Readonly<Record<string, string>>): string | null {
  const own = labels[MODE_LABEL];
  if (own) return own;
  const mode = findModeOfFiles(labels['com.docker.compose.project.config_files']?.split(',') ?? []);
  return mode === 'unknown' ? null : mode;
}

/** What runs; of a stack whose containers do not agree, nothing is said. */
export function findStackMode({ containers }: ObservedStack): string | null {
  const modes = new Set(containers.filter(({ oneOff }) => !oneOff).map(({ labels }) => findMode(labels)));
  const [mode = null] = modes;
  return modes.size === 1 ? mode : null;
}

/** Whose containers could write to the volume last; where none has it any more, who created it, or for whom it is named. */
export function findLastMode(observed: ObservedStack, volume: string): Pick<PlanVolume, 'lastMode' | 'lastModeFrom'> {
  const writers = observed.containers
    .filter((container) => mountsForWriting(container, volume) && container.startedAt !== null)
    .sort((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0));
  const [last] = writers;
  const mode = last ? findMode(last.labels) : null;
  if (mode !== null) return { lastMode: mode, lastModeFrom: 'container' };
  const label = observed.volumes[volume]?.labels[MODE_LABEL];
  if (label) return { lastMode: label, lastModeFrom: 'volume' };
  // The platform's files name volumes per mode: what compose created has no label of ours, but this.
  const named = /[_-](dev|prod)$/.exec(volume)?.[1];
  return named ? { lastMode: named, lastModeFrom: 'name' } : { lastMode: null, lastModeFrom: 'unknown' };
}

function mountsForWriting({ inspected }: StackContainer, volume: string): boolean {
  return inspected.mounts.some((mount) => mount.type === 'volume' && mount.name === volume && !mount.readOnly);
}
