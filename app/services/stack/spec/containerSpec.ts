// From a service of a project to what the engine is asked to create. Pure; what it means on the wire is compose's.
import type { StackContainer } from '../../docker/stackContainer.ts';
import type { StackImage } from '../../docker/stackParts.ts';
import type { Project } from '../compose/project.ts';
import { toConfigSection } from './configSection.ts';
import { toHostSection } from './hostSection.ts';
import { type InjectedFile, toInjectedFiles } from './injectedFiles.ts';
import { getService, toContainerName, toImageReference } from './names.ts';
import { type Endpoint, toEndpoints, toNetworkMode } from './networkSection.ts';

export interface ContainerSpec {
  readonly name: string;
  readonly service: string;
  readonly replica: number;
  readonly image: string;
  readonly platform: string | null;
  /** Top level of the create body. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly hostConfig: Readonly<Record<string, unknown>>;
  /** The first is the one that the container is created on. */
  readonly endpoints: readonly Endpoint[];
  /** Copied in before the first start. */
  readonly files: readonly InjectedFile[];
}

export interface SpecContext {
  /** null: not on the engine yet. */
  readonly image: StackImage | null;
  readonly configHash?: string | undefined;
  readonly mode?: string | null | undefined;
  readonly files?: { readonly folder: string; readonly paths: readonly string[] } | undefined;
  /** The container whose namespaces or volumes `service:NAME` means; undefined when there is none yet. */
  findContainer(service: string): string | undefined;
  /** Its anonymous volumes are taken over. */
  readonly replaces?: StackContainer | undefined;
}

export function toContainerSpec(
  project: Project,
  service: string,
  replica: number,
  context: SpecContext,
): ContainerSpec {
  const declared = getService(project, service);
  const files = toInjectedFiles(project, declared);
  return {
    name: toContainerName(project, service, replica),
    service,
    replica,
    image: toImageReference(project, service),
    platform: typeof declared.platform === 'string' ? declared.platform : null,
    config: toConfigSection({ project, service, replica, context, files }),
    hostConfig: {
      ...toHostSection(project, declared, context),
      NetworkMode: toNetworkMode(project, declared, context),
    },
    endpoints: toEndpoints(project, service, replica),
    files,
  };
}
