// How a found project stands, from the counts of its containers alone. Pure.
import type { FoundProject, Level } from '../../../app/contract/index.ts';
import { formatQuantity } from '../../components/format.ts';

export function toProjectLevel({ containers }: Pick<FoundProject, 'containers'>): Level {
  if (containers.running === 0) return 'unknown';
  if (containers.unhealthy > 0 || containers.stopped > 0) return 'degraded';
  return 'ok';
}

/** `22 running`, `20 running, 1 unhealthy, 1 stopped`, `not running`. */
export function toProjectWords({ containers }: Pick<FoundProject, 'containers'>): string {
  const parts = [
    containers.running > 0 ? `${containers.running} running` : '',
    containers.unhealthy > 0 ? `${containers.unhealthy} unhealthy` : '',
    containers.stopped > 0 ? `${containers.stopped} stopped` : '',
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : 'not running';
}

/** Where it was found: `22 services · docker · 2 files in /srv/shop`. */
export function toProjectPlace(project: FoundProject): string {
  const [first] = project.files;
  const files = project.files.length === 1 ? first?.split('/').at(-1) : formatQuantity(project.files.length, 'file');
  const place = project.folder ? `${files ?? 'no file'} in ${project.folder}` : project.files.length > 0 ? files : '';
  return [formatQuantity(project.services, 'service'), project.engineKind, place].filter(Boolean).join(' · ');
}
