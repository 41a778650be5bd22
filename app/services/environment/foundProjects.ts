// The compose projects on an engine, from its list of containers. Pure.
import { environmentIdSchema, type FoundProject } from '../../contract/index.ts';
import type { ListedContainer } from '../docker/observed.ts';
import type { LoadedProject } from '../stack/compose/loadProject.ts';
import { findAwaitedByLabels } from '../stack/dependsOnLabel.ts';
import { isOurGateway } from '../stack/serviceKind.ts';
import type { ProbedEngine } from './engineProbe.ts';

/** A label may hold anything: a project whose name is none of compose's is left out. */
export function toFoundProjects({ view, containers }: ProbedEngine): FoundProject[] {
  const byProject = new Map<string, ListedContainer[]>();
  for (const container of containers) {
    const project = container.labels['com.docker.compose.project'] ?? '';
    if (!environmentIdSchema.safeParse(`${view.id}~${project}`).success) continue;
    byProject.set(project, [...(byProject.get(project) ?? []), container]);
  }
  return [...byProject]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, group]) => ({
      environment: `${view.id}~${name}`,
      engine: view.id,
      engineKind: view.kind,
      name,
      containers: {
        running: group.filter(({ state }) => state === 'running').length,
        stopped: withoutDoneJobs(group).filter(({ state }) => state !== 'running').length,
        unhealthy: group.filter(({ unhealthy }) => unhealthy).length,
      },
      services: new Set(group.map(({ labels }) => labels['com.docker.compose.service'])).size,
      files: filesOf(group),
      folder: group[0]?.labels['com.docker.compose.project.working_dir'] ?? null,
      origin: 'engine',
      hasGateway: group.some(({ image, labels }) => isOurGateway(image, labels)),
    }));
}

/** A job whose end others wait for is done, not stopped. */
function withoutDoneJobs(group: readonly ListedContainer[]): ListedContainer[] {
  const jobs = findAwaitedByLabels(group);
  return group.filter(({ endedWell, labels }) => !(endedWell && jobs.has(labels['com.docker.compose.service'] ?? '')));
}

function filesOf(group: readonly ListedContainer[]): string[] {
  const label = group[0]?.labels['com.docker.compose.project.config_files'] ?? '';
  return label.split(',').filter(Boolean).slice(0, 20);
}

export interface OpenedFolder {
  folder: string;
  engine: FoundProject['engine'];
  engineKind: FoundProject['engineKind'];
  loaded: LoadedProject;
}

/** What was opened as a folder; when the same project runs, the running one is shown with its folder. */
export function withFolders(projects: readonly FoundProject[], folders: readonly OpenedFolder[]): FoundProject[] {
  const running = new Set(projects.map(({ environment }) => environment));
  return [...projects, ...folders.map(toFolderProject).filter(({ environment }) => !running.has(environment))];
}

export function toFolderProject({ folder, engine, engineKind, loaded }: OpenedFolder): FoundProject {
  const { project, files } = loaded;
  const services = Object.values(project.services);
  return {
    environment: `${engine}~${project.name}`,
    engine,
    engineKind,
    name: project.name,
    containers: { running: 0, stopped: 0, unhealthy: 0 },
    services: services.length,
    files: files.slice(0, 20),
    folder,
    origin: 'folder',
    hasGateway: services.some(({ image = '' }) => isOurGateway(image)),
  };
}
