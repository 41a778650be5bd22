// Mounts of a container: volumes, folders and files of the host, secrets and configs that are files.
import type { StackContainer } from '../../docker/stackContainer.ts';
import type { StackImage } from '../../docker/stackParts.ts';
import type { Mount, Project, Service } from '../compose/project.ts';
import { toTarget } from './injectedFiles.ts';
import { toVolumeName } from './names.ts';
import { toBytes } from './quantities.ts';
import { withoutUndefined } from './rawValues.ts';

export interface MountSection {
  /** `source:target:options`: only this form makes a missing folder of the host. */
  readonly binds: readonly string[];
  readonly mounts: readonly Record<string, unknown>[];
}

export interface MountInput {
  readonly project: Project;
  readonly service: Service;
  readonly image: StackImage | null;
  readonly replaces: StackContainer | undefined;
}

export function toMountSection(input: MountInput): MountSection {
  const { project, service } = input;
  const declared = new Map(
    [...toFileMounts(project, service), ...(service.volumes ?? [])].map((one) => [one.target, one]),
  );
  const taken = takeOverAnonymous(input, declared);
  const binds: string[] = [];
  const mounts: Record<string, unknown>[] = [];
  for (const mount of declared.values()) {
    if (taken.has(mount.target)) continue;
    if (mount.type === 'bind' && !needsMountForm(mount)) binds.push(toBind(mount));
    else mounts.push(toMount(project, mount));
  }
  return { binds, mounts: [...mounts, ...taken.values()] };
}

/** Secrets and configs with a file: read-only, and never made where they are missing. */
function toFileMounts(project: Project, service: Service): Mount[] {
  const of = (kind: 'secret' | 'config') =>
    (service[`${kind}s`] ?? []).flatMap((reference): Mount[] => {
      const source = project[`${kind}s`]?.[reference.source]?.file;
      if (source === undefined) return [];
      return [{ type: 'bind', source, target: toTarget(kind, reference), read_only: true, bind: {} }];
    });
  return [...of('config'), ...of('secret')];
}

/** The anonymous volumes of the container that is replaced: their data belongs to the service, not to one container. */
function takeOverAnonymous(
  { image, replaces }: MountInput,
  declared: ReadonlyMap<string, Mount>,
): Map<string, Record<string, unknown>> {
  const imageVolumes = Object.keys((image?.config.Volumes as object | null | undefined) ?? {});
  const taken = new Map<string, Record<string, unknown>>();
  for (const { type, name, target, readOnly } of replaces?.inspected.mounts ?? []) {
    const wanted = declared.get(target);
    const isAnonymous = wanted ? wanted.type === 'volume' && !wanted.source : imageVolumes.includes(target);
    if (type !== 'volume' || name === null || !isAnonymous) continue;
    taken.set(target, { Type: 'volume', Source: name, Target: target, ...(readOnly ? { ReadOnly: true } : {}) });
  }
  return taken;
}

/** The long form says more than a bind can, or that a missing folder is an error: only the short one makes it. */
function needsMountForm({ bind }: Mount): boolean {
  if (!bind) return true;
  if (bind.selinux) return false;
  return bind.create_host_path !== true || bind.propagation !== undefined || bind.recursive !== undefined;
}

function toBind({ source, target, read_only, bind }: Mount): string {
  const options = [read_only ? 'ro' : 'rw', bind?.selinux, bind?.propagation].filter(Boolean);
  return `${source}:${target}:${options.join(',')}`;
}

function toMount(project: Project, mount: Mount): Record<string, unknown> {
  const isNamed = mount.type === 'volume' && mount.source;
  return withoutUndefined({
    Type: mount.type,
    Source: isNamed ? toVolumeName(project, mount.source ?? '') : mount.source,
    Target: mount.target,
    ReadOnly: mount.read_only || undefined,
    Consistency: mount.consistency,
    BindOptions: mount.bind?.propagation
      ? { Propagation: mount.bind.propagation, ...toRecursion(mount.bind.recursive) }
      : toRecursion(mount.bind?.recursive),
    VolumeOptions:
      mount.volume?.nocopy || mount.volume?.subpath
        ? withoutUndefined({ NoCopy: mount.volume.nocopy || undefined, Subpath: mount.volume.subpath })
        : undefined,
    TmpfsOptions: mount.tmpfs
      ? withoutUndefined({ SizeBytes: toBytes(mount.tmpfs.size), Mode: mount.tmpfs.mode })
      : undefined,
  });
}

function toRecursion(recursive: string | undefined): Record<string, boolean> | undefined {
  if (recursive === 'disabled') return { NonRecursive: true };
  if (recursive === 'writable') return { ReadOnlyNonRecursive: true };
  return recursive === 'readonly' ? { ReadOnlyForceRecursive: true } : undefined;
}
