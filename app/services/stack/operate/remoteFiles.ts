// Files of this machine that a project mounts, where the engine is another one's: it would look for them on its own disk.
import { sep } from 'node:path';
import type { PlanNote } from '../../../contract/index.ts';
import type { Project } from '../compose/project.ts';

export interface RemoteNotes {
  readonly blockers: readonly PlanNote[];
  readonly warnings: readonly PlanNote[];
}

/** Pure. `folder` is the project's: what is in it is here, and not there; any other path is meant as it stands. */
export function findRemoteNotes(project: Project, folder: string, place: string): RemoteNotes {
  const blockers: PlanNote[] = [];
  const warnings: PlanNote[] = [];
  for (const [service, { volumes, secrets, configs }] of Object.entries(project.services)) {
    for (const { type, source = '', target } of volumes ?? []) {
      if (type !== 'bind') continue;
      const what = `service "${service}" mounts ${source} at ${target}`;
      if (isInside(source, folder)) blockers.push(toBlocker(service, what, place));
      else warnings.push(toWarning(service, what, place));
    }
    for (const kind of ['secrets', 'configs'] as const) {
      for (const { source } of (kind === 'secrets' ? secrets : configs) ?? []) {
        const file = project[kind]?.[source]?.file;
        if (file === undefined) continue;
        blockers.push(toBlocker(service, `service "${service}" reads "${source}" from ${file}`, place));
      }
    }
  }
  return { blockers, warnings };
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function toBlocker(service: string, what: string, place: string): PlanNote {
  return {
    code: 'file-not-on-engine',
    subject: service,
    message: `${what}, a file of this machine; the engine on ${place} would look for it on its own disk.`,
    remedy: `Run this on ${place} itself, or bring the file into the image, a volume, or a secret with a variable.`,
  };
}

function toWarning(service: string, what: string, place: string): PlanNote {
  return {
    code: 'file-not-seen',
    subject: service,
    message: `${what}; whether that is there on ${place} cannot be seen from here.`,
    remedy: `Check it on ${place}.`,
  };
}
