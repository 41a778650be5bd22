// The room of the engine's machine in words. Pure.
import type { Capacity, DiskShare } from '../../../app/contract/index.ts';
import { formatBytes, formatCount, formatPercent, NOTHING } from '../../components/format.ts';

/** `73 GB of 252 GB free (29.0 %)`, or why nobody knows. */
export function sayRoom(freeBytes: number | null, totalBytes: number | null, why: string | null): string {
  if (freeBytes === null || totalBytes === null) return `not known: ${why ?? 'nobody can look from here'}`;
  return `${formatBytes(freeBytes)} of ${formatBytes(totalBytes)} free (${formatPercent(freeBytes / totalBytes)} %)`;
}

/** `4.1 GB in 12, 1.2 GB reclaimable`. */
export function sayShare({ count, bytes, reclaimableBytes }: DiskShare): string {
  if (bytes === null) return `${formatCount(count)}, whose size the engine does not count`;
  const free = reclaimableBytes ? `, ${formatBytes(reclaimableBytes)} not used` : '';
  return `${formatBytes(bytes)} in ${formatCount(count)}${free}`;
}

/** What containers of the project take of the machine. */
export function sayProject({ memory, processors }: Pick<Capacity, 'memory' | 'processors'>): string {
  const cores = processors.projectCores === null ? NOTHING : processors.projectCores.toFixed(2);
  const all = processors.count === null ? '' : ` of ${formatCount(processors.count)}`;
  return `${formatBytes(memory.projectBytes)} memory, ${cores}${all} cores`;
}
