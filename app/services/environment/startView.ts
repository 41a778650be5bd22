// What is here: engines, the projects on them and the opened folders. Probed while somebody looks; it starts nothing.
import { type FoundProject, GatehouseError, type StartView } from '../../contract/index.ts';
import { loadFolder } from '../stack/compose/loadFolder.ts';
import type { LoadedProject } from '../stack/compose/loadProject.ts';
import { isSameJson } from '../stream/liveValue.ts';
import { wait } from '../stream/wait.ts';
import { createEngineProbe, type EngineProbe } from './engineProbe.ts';
import type { EngineSource } from './engines.ts';
import { type OpenedFolder, toFolderProject, toFoundProjects, withFolders } from './foundProjects.ts';

export interface StartViewSource {
  watch(signal: AbortSignal): AsyncGenerator<StartView>;
  /** From now on the engine is looked at. Throws `environment-unknown`. */
  connect(engine: string): void;
  openFolder(folder: string, options?: OpenOptions): Promise<FoundProject>;
  /** It is listed no more unless its engine runs it. */
  forgetFolder(environment: string): void;
  /** The folder that was opened for an environment. */
  findFolder(environment: string): string | null;
  /** The compose files of an environment whose folder was opened. */
  findDeclared(environment: string): LoadedProject | null;
}

export interface OpenOptions {
  /** The engine's id; without one, where it would run by default. */
  engine?: string | undefined;
  /** What the files are read with; the host's own when not given. */
  variables?: Record<string, string> | undefined;
}

const probeEveryMs = 3000;
const folderLimit = 50;

export function createStartView(engines: ReadonlyMap<string, EngineSource>): StartViewSource {
  const folders = new Map<string, OpenedFolder>();

  const look = async (probes: readonly EngineProbe[]): Promise<StartView> => {
    const probed = await Promise.all(probes.map((probe) => probe.look()));
    return {
      engines: probed.map(({ view }) => view),
      projects: withFolders(probed.flatMap(toFoundProjects), [...folders.values()]),
    };
  };

  return {
    async *watch(signal) {
      const probes = [...engines.values()].map(createEngineProbe);
      try {
        let last: StartView | undefined;
        while (!signal.aborted) {
          const view = await look(probes);
          if (signal.aborted) return;
          if (!isSameJson(last, view)) yield view;
          last = view;
          await wait(probeEveryMs, signal);
        }
      } finally {
        for (const probe of probes) probe.close();
      }
    },
    connect(id) {
      const engine = engines.get(id);
      if (!engine) throw unknownEngine(engines, id);
      engine.ask();
    },
    async openFolder(folder, { engine: id, variables = process.env } = {}) {
      // A real engine where this host may use one: that is where a folder's project would run.
      const engine = id === undefined ? (engines.get('docker') ?? engines.get('sandbox')) : engines.get(id);
      if (!engine) throw id === undefined ? noEngine : unknownEngine(engines, id);
      const loaded = await loadFolder(folder, variables);
      const opened = { folder, engine: engine.id, engineKind: engine.kind, loaded };
      const found = toFolderProject(opened);
      folders.delete(found.environment);
      folders.set(found.environment, opened);
      const oldest = folders.size > folderLimit ? folders.keys().next().value : undefined;
      if (oldest !== undefined) folders.delete(oldest);
      return found;
    },
    forgetFolder: (environment) => void folders.delete(environment),
    findFolder: (environment) => folders.get(environment)?.folder ?? null,
    findDeclared: (environment) => folders.get(environment)?.loaded ?? null,
  };
}

const noEngine = new GatehouseError({
  code: 'engine-missing',
  message: 'This host has no engine.',
  remedy: 'Check --engine.',
});

function unknownEngine(engines: ReadonlyMap<string, EngineSource>, id: string): GatehouseError {
  return new GatehouseError({
    code: 'environment-unknown',
    message: `This host has no engine "${id.slice(0, 64)}".`,
    remedy: `Known engines: ${[...engines.keys()].join(', ')}. A context that was made later is known after a restart of the host.`,
  });
}
