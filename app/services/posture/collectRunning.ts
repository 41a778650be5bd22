// What runs, as facts: inspections of the engine, the gateway's configuration in force, and probes of the edge.
import { GatehouseError } from '../../contract/index.ts';
import type { Engine } from '../docker/engine.ts';
import type { StackImage, StackNetwork } from '../docker/stackParts.ts';
import type { LiveEnvironment } from '../environment/liveEnvironment.ts';
import { localFileReader } from '../stack/compose/fileReader.ts';
import type { LoadedProject } from '../stack/compose/loadProject.ts';
import { projectOf } from '../stack/operate/findStack.ts';
import type { ObservedStack } from '../stack/plan/observedStack.ts';
import { observeStack } from '../stack/plan/observeStack.ts';
import { isOurGateway } from '../stack/serviceKind.ts';
import { noWaivers, type WaiverFile } from './evaluate.ts';
import { toDeclaredParts } from './facts/declaredParts.ts';
import { readEdgeFile } from './facts/edgeFile.ts';
import type { EdgeFact, EdgeFileFact, GatewayFact, Mode, Part, PostureFacts } from './facts/facts.ts';
import { toShownFiles } from './facts/gatewayFile.ts';
import { toGatewayView } from './facts/gatewayView.ts';
import { toObservedNetworks, toObservedParts } from './facts/observedParts.ts';
import { findRoles } from './facts/roles.ts';
import { probeEdge } from './probes/probeEdge.ts';
import { findObserved } from './reach/findObserved.ts';
import { readWaivers } from './waivers/readWaivers.ts';

export interface RunningSource {
  readonly live: LiveEnvironment;
  /** The files of what runs; null where they are not known. */
  readonly loadDeclared: () => Promise<LoadedProject | null>;
  readonly now: () => number;
  /** Probes send requests to the edge: only where production is asked for. */
  readonly isProbing: boolean;
  readonly signal: AbortSignal;
}

export interface Snapshot {
  readonly facts: PostureFacts;
  readonly waivers: WaiverFile;
}

/** As what it counts unless somebody says otherwise: what nobody calls development is judged as production. */
export function modeOfRunning({ frame }: LiveEnvironment): Mode {
  return frame.current.mode === 'dev' ? 'dev' : 'prod';
}

/** Throws `engine-unreachable`. */
export async function collectRunning(source: RunningSource): Promise<Snapshot> {
  const { live, now } = source;
  const engine = live.openEngine();
  try {
    const declared = await source.loadDeclared();
    const project = declared?.project ?? null;
    const stack = await observeStack(engine, projectOf(live), { project, readsFiles: false, now });
    const observed = { ...stack, networks: await withOthersNetworks(engine, stack) };
    const roles = findRoles(project);
    const context = { observed, project, roles, images: await inspectImages(engine, observed) };
    const parts = withMissing(toObservedParts(context), declared, observed);
    return {
      facts: {
        project: projectOf(live),
        mode: modeOfRunning(live),
        basis: 'engine',
        from: live.frame.current.place,
        engine: { isSandbox: observed.engine.isSandbox },
        parts,
        networks: toObservedNetworks(context),
        gateway: await findGateway(live, parts),
        edge: await findEdge(source, engine, parts),
        edgeFile: await findEdgeFile(declared, parts),
        observed: findObserved({ live, gateway: parts.find(({ kind }) => kind === 'gateway')?.service ?? null }),
        now: now(),
      },
      waivers: declared ? await readWaivers(declared.folder, localFileReader) : noWaivers,
    };
  } finally {
    engine.close();
  }
}

/** Of networks of others that a container was connected to, perhaps by hand, nobody has asked yet. */
async function withOthersNetworks(
  engine: Engine,
  { containers, networks }: ObservedStack,
): Promise<ObservedStack['networks']> {
  const names = new Set(containers.flatMap(({ inspected }) => Object.keys(inspected.networks)));
  const missing = [...names].filter((name) => !Object.hasOwn(networks, name) && name !== 'host' && name !== 'none');
  const found = await Promise.all(
    missing.map(async (name) => [name, await engine.stack.networks.inspect(name)] as const),
  );
  return {
    ...networks,
    ...Object.fromEntries(found.filter((entry): entry is [string, StackNetwork] => entry[1] !== undefined)),
  };
}

/** By id: a name may stand for another image by now. In the sandbox every name is one, and nothing is behind it. */
async function inspectImages(
  engine: Engine,
  { containers, engine: { isSandbox } }: ObservedStack,
): Promise<Map<string, StackImage>> {
  if (isSandbox) return new Map();
  const ids = [...new Set(containers.map(({ imageId }) => imageId))];
  const found = await Promise.all(ids.map(async (id) => [id, await engine.stack.images.inspect(id)] as const));
  return new Map(found.flatMap(([id, image]) => (image ? [[id, image] as const] : [])));
}

/** What was not created yet will be as its file says. */
function withMissing(parts: readonly Part[], declared: LoadedProject | null, observed: ObservedStack): Part[] {
  if (!declared) return [...parts];
  const { project, files, folder } = declared;
  const there = new Set(parts.map(({ service }) => service));
  const context = { project, where: toShownFiles(files, folder), roles: findRoles(project), images: observed.images };
  return [...parts, ...toDeclaredParts(context).filter(({ service }) => !there.has(service))];
}

async function findGateway({ gateway }: LiveEnvironment, parts: readonly Part[]): Promise<GatewayFact> {
  const gateways = parts.filter(({ kind }) => kind === 'gateway');
  if (gateways.length === 0) return { state: 'absent' };
  if (!gateways.some(({ image }) => isOurGateway(image)) && gateway.connection.current.state !== 'live') {
    return { state: 'unknown', why: `the configuration of ${gateways[0]?.service} cannot be read in this version` };
  }
  try {
    const config = toGatewayView(await gateway.config());
    return { state: 'known', where: `gateway, configuration ${config.revision}`, config };
  } catch (error) {
    const why =
      error instanceof GatehouseError ? error.message : 'its configuration is not understood (another version?)';
    return { state: 'unknown', why };
  }
}

async function findEdgeFile(declared: LoadedProject | null, parts: readonly Part[]): Promise<EdgeFileFact> {
  if (!parts.some(({ kind }) => kind === 'edge')) return { state: 'absent' };
  if (!declared) return { state: 'unknown', why: 'the files of what runs are not known' };
  return readEdgeFile(declared, findRoles(declared.project), localFileReader);
}

async function findEdge(
  { isProbing, now, signal }: RunningSource,
  engine: Engine,
  parts: readonly Part[],
): Promise<EdgeFact> {
  if (!isProbing) return { state: 'unknown', why: 'not asked: the edge is probed where production is judged' };
  return probeEdge({ parts }, { address: engine.address, now, signal });
}
