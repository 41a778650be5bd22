import {
  GatehouseError,
  type HandlersOf,
  type LimitProbe,
  type Operations,
  type Posture,
  type StackFiles,
} from '../../contract/index.ts';
import { isRemote } from '../docker/address.ts';
import type { Environments } from '../environment/environments.ts';
import type { LiveEnvironment } from '../environment/liveEnvironment.ts';
import type { LoadedProject } from '../stack/compose/loadProject.ts';
import { findLabelledFolder } from '../stack/operate/findStack.ts';
import { loadStack } from '../stack/operate/loadStack.ts';
import { follow } from '../stream/liveValue.ts';
import { collectRunning, modeOfRunning, type Snapshot } from './collectRunning.ts';
import { evaluate } from './evaluate.ts';
import type { Mode } from './facts/facts.ts';
import { judgeFiles } from './judgeFiles.ts';
import { type PostureWatch, watchPosture, withLimits } from './postureWatch.ts';
import { findEdgeTarget } from './probes/edgeTarget.ts';
import { probeLimits } from './probes/limitProbe.ts';
import { mapReach } from './reach/findReach.ts';

export interface PostureHandlerDeps {
  environments: Environments;
  /** The folder that was opened for an environment. */
  findFolder: (environment: string) => string | null;
  now: () => number;
}

export function createPostureHandlers(deps: PostureHandlerDeps): HandlersOf<Operations['posture']> {
  const { environments, findFolder, now } = deps;
  /** By environment: what the last burst showed. */
  const bursts = new Map<string, LimitProbe>();
  const findLimits = (environment: string) => bursts.get(environment) ?? null;
  const watches = createWatches({ ...deps, findLimits });
  return {
    watch: ({ environment, as }, { signal }) =>
      environments.stream(environment, signal, (live) =>
        watches.follow(live, { as, signal, read: (snapshot) => toPosture(snapshot, as) }),
      ),
    reach: ({ environment }, { signal }) =>
      environments.stream(environment, signal, (live) =>
        watches.follow(live, { as: undefined, signal, read: ({ facts }) => mapReach(facts) }),
      ),
    check: (input, { signal }) =>
      environments.use(input.environment, signal, async (live) => {
        const asked = input.mode ?? (isRunning(live) ? modeOfRunning(live) : 'prod');
        const as = input.as ?? asked;
        const isMeant = input.as !== undefined || asked === modeOfRunning(live);
        const folder = input.folder ?? findFolder(input.environment) ?? findLocalFolder(live);
        if (input.filesAlone || !isRunning(live) || !isMeant)
          return judgeFiles({ ...toFiles(input, folder), mode: asked, now });
        const loadDeclared = () => loadDeclaredOf(live, folder, input);
        const found = await collectRunning({ live, loadDeclared, now, isProbing: as === 'prod', signal });
        return toPosture(withLimits(found, findLimits(live.id)), as);
      }),
    probeLimits: ({ environment }, { signal }) =>
      environments.use(environment, signal, async (live) => {
        const loadDeclared = () => loadDeclaredOf(live, findFolder(environment), {});
        const { facts } = await collectRunning({ live, loadDeclared, now, isProbing: false, signal });
        const engine = live.openEngine();
        const target = findEdgeTarget(facts, engine.address);
        engine.close();
        const place = target.kind === 'found' ? (target.https ?? target.http) : null;
        if (target.kind !== 'found' || place === null)
          throw unreachable(target.kind === 'unreachable' ? target.why : 'there is none');
        const seen = await probeLimits({ place, isSecure: target.https !== null, now }, signal);
        bursts.set(environment, seen);
        watches.find(environment)?.takeLimits();
        return seen;
      }),
  };
}

const isRunning = ({ stack }: LiveEnvironment) =>
  stack.connection.current.state === 'live' &&
  [...(stack.observed.current?.containers.values() ?? [])].some(({ state }) => state === 'running');

const toPosture = ({ facts, waivers }: Snapshot, as: Mode | undefined): Posture =>
  evaluate({ ...facts, mode: as ?? facts.mode }, waivers);

function unreachable(why: string): GatehouseError {
  return new GatehouseError({
    code: 'stack-unknown',
    message: `The edge cannot be asked from here: ${why}.`,
    remedy: 'Bring the stack up, with an edge that publishes a port.',
  });
}

function toFiles({ variables }: Pick<StackFiles, 'variables'>, folder: string | null) {
  if (folder !== null) return { folder, environment: variables ?? process.env };
  throw new GatehouseError({
    code: 'folder-unreadable',
    message: 'Where the compose files of this stack are is not known.',
    remedy: 'Open its folder on the start page, or give it with --stack.',
  });
}

/** A label's folder is one of the engine's machine. */
function findLocalFolder(live: LiveEnvironment): string | null {
  const engine = live.openEngine();
  const isElsewhere = isRemote(engine.address);
  engine.close();
  return isElsewhere ? null : (findLabelledFolder(live) ?? null);
}

/** Files that are not there, or are another stack's, do not stand in the way of judging what runs. */
async function loadDeclaredOf(
  live: LiveEnvironment,
  opened: string | null,
  { variables }: Pick<StackFiles, 'variables'>,
): Promise<LoadedProject | null> {
  const folder = opened ?? findLocalFolder(live);
  if (folder === null) return null;
  const project = live.id.slice(live.id.indexOf('~') + 1);
  try {
    const mode = live.frame.current.mode === 'prod' ? 'prod' : 'dev';
    return await loadStack({ folder, mode, variables }, project);
  } catch (error) {
    if (error instanceof GatehouseError) return null;
    throw error;
  }
}

interface FollowOptions<T> {
  as: Mode | undefined;
  signal: AbortSignal;
  read: (snapshot: Snapshot) => T;
}

interface WatchesDeps extends PostureHandlerDeps {
  findLimits: (environment: string) => LimitProbe | null;
}

/** One watch an environment, while somebody looks. */
function createWatches({ findFolder, findLimits, now }: WatchesDeps) {
  const entries = new Map<string, { watch: PostureWatch; viewers: number }>();
  const enter = (live: LiveEnvironment) => {
    const entry = entries.get(live.id) ?? {
      watch: watchPosture({
        live,
        loadDeclared: () => loadDeclaredOf(live, findFolder(live.id), {}),
        findLimits: () => findLimits(live.id),
        now,
      }),
      viewers: 0,
    };
    entry.viewers += 1;
    entries.set(live.id, entry);
    return entry;
  };
  return {
    find: (environment: string) => entries.get(environment)?.watch,
    async *follow<T>(live: LiveEnvironment, { as, signal, read }: FollowOptions<T>): AsyncGenerator<T> {
      const entry = enter(live);
      try {
        if (as === 'prod') entry.watch.probe();
        for await (const latest of follow(entry.watch.latest, signal, { minIntervalMs: 250 })) {
          if (latest instanceof Error) throw latest;
          yield read(latest);
        }
      } finally {
        entry.viewers -= 1;
        if (entry.viewers === 0) {
          entries.delete(live.id);
          await entry.watch.close();
        }
      }
    },
  };
}
