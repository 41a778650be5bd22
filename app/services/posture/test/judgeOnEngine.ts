// Judges what an engine has of a project as the console does, with what its files declare.
import { createEngine } from '../../docker/engine.ts';
import type { EngineSource } from '../../environment/engines.ts';
import { createEnvironments } from '../../environment/environments.ts';
import { createHistory } from '../../history/history.ts';
import type { LoadedProject } from '../../stack/compose/loadProject.ts';
import { createCollectors } from '../../traces/otlp/collectors.ts';
import { collectRunning, type Snapshot } from '../collectRunning.ts';
import { withLimits } from '../postureWatch.ts';
import { findEdgeTarget } from '../probes/edgeTarget.ts';
import { probeLimits } from '../probes/limitProbe.ts';

export interface JudgedProject {
  readonly socketPath: string;
  readonly loaded: LoadedProject;
  /** For what the host would keep. */
  readonly stateFolder: string;
  /** Asks its edge as well, and sends it a burst. */
  readonly isProbing: boolean;
}

/** The engine as the console knows its engines, under the id `docker`. */
export function toEngineSource(socketPath: string): EngineSource {
  const address = { kind: 'socket', path: socketPath } as const;
  return {
    id: 'docker',
    kind: 'docker',
    isAsked: () => true,
    ask() {},
    gatewayReach: 'exec',
    findOrigin: () => 'this test',
    findAddress: () => address,
    open: () => createEngine(address),
  };
}

export async function collectOnEngine({
  socketPath,
  loaded,
  stateFolder,
  isProbing,
}: JudgedProject): Promise<Snapshot> {
  const { signal } = new AbortController();
  const now = Date.now;
  const source = toEngineSource(socketPath);
  const history = createHistory({ folder: stateFolder, now });
  const environments = createEnvironments({
    engines: new Map([['docker', source]]),
    findDeclared: () => loaded,
    history,
    collectors: createCollectors(),
    isHostReadOnly: false,
    now,
    lingerMs: 0,
  });
  try {
    const snapshot = await environments.use(`docker~${loaded.project.name}`, signal, (live) =>
      collectRunning({ live, loadDeclared: async () => loaded, now, isProbing, signal }),
    );
    const { https = null } = { https: null, ...findEdgeTarget(snapshot.facts, source.findAddress()) };
    if (!isProbing || https === null) return snapshot;
    return withLimits(snapshot, await probeLimits({ place: https, isSecure: true, now }, signal));
  } finally {
    await environments.close();
    history.close();
  }
}
