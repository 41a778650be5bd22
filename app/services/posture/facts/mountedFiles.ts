import type { Project, Service } from '../../stack/compose/project.ts';
import { toTarget } from '../../stack/spec/injectedFiles.ts';

/** Files and folders of the host that a service is given: its configs, secrets and bind mounts. Pure. */
export function findMounted(project: Project, service: Service): { source: string; target: string }[] {
  const objects = (['config', 'secret'] as const).flatMap((kind) =>
    (service[`${kind}s`] ?? []).map((reference) => ({
      target: toTarget(kind, reference),
      source: project[`${kind}s`]?.[reference.source]?.file,
    })),
  );
  const mounts = (service.volumes ?? []).filter(({ type }) => type === 'bind');
  return [...objects, ...mounts].flatMap(({ source, target }) => (source === undefined ? [] : [{ source, target }]));
}
