// Secrets and configs whose source is a variable or a text: copied into the container before it starts, as compose does.
import type { FileReference, Project, Service } from '../compose/project.ts';

export interface InjectedFile {
  readonly kind: 'secret' | 'config';
  readonly source: string;
  readonly target: string;
  /** The text; null: the value of `variable`. */
  readonly content: string | null;
  readonly variable: string | null;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** Where a secret or config is seen in the container. */
export function toTarget(kind: 'secret' | 'config', { source, target }: FileReference): string {
  if (target?.startsWith('/')) return target;
  return `${kind === 'secret' ? '/run/secrets/' : '/'}${target || source}`;
}

export function toInjectedFiles(project: Project, service: Service): InjectedFile[] {
  const of = (kind: 'secret' | 'config') =>
    (service[`${kind}s`] ?? []).flatMap((reference): InjectedFile[] => {
      const object = project[`${kind}s`]?.[reference.source];
      if (!object || (object.environment === undefined && object.content === undefined)) return [];
      return [
        {
          kind,
          source: reference.source,
          target: toTarget(kind, reference),
          content: object.content ?? null,
          variable: object.environment ?? null,
          uid: Number(reference.uid ?? 0),
          gid: Number(reference.gid ?? 0),
          // Readable by all unless said, as compose has it.
          mode: reference.mode ?? 0o444,
        },
      ];
    });
  return [...of('secret'), ...of('config')];
}
