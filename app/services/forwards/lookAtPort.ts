// How a port of a service would be reached: looked at, with nothing started.
import { type ForwardWay, GatehouseError } from '../../contract/index.ts';
import type { Engine } from '../docker/engine.ts';
import type { LiveEnvironment } from '../environment/liveEnvironment.ts';
import { type Carrier, type ForwardPlace, findForwardPlace, type PortOfService } from './forwardPlace.ts';
import { helperNeeded, inOrder } from './forwardRoute.ts';
import { findHelperImages } from './helperContainer.ts';
import { findRelayCommand, type RelaySource } from './relayStart.ts';

export async function lookAtPort(
  { stack, openEngine }: Pick<LiveEnvironment, 'stack' | 'openEngine'>,
  target: PortOfService,
  source: RelaySource,
): Promise<ForwardWay> {
  const place = findForwardPlace(stack.observed.current, target);
  if (place.kind === 'unknown') {
    const message = 'The engine has not said yet what runs.';
    return { kind: 'none', problem: { code: 'engine-unreachable', message, remedy: 'It is asked again by itself.' } };
  }
  if (place.kind === 'absent') return { kind: 'none', problem: place.problem };
  let engine: Engine | undefined;
  try {
    engine = openEngine();
    return await lookOnEngine(engine, { place, target, source });
  } catch (error) {
    if (error instanceof GatehouseError) return { kind: 'none', problem: error.toProblem() };
    throw error;
  } finally {
    engine?.close();
  }
}

interface Looking {
  readonly place: Extract<ForwardPlace, { kind: 'present' }>;
  readonly target: PortOfService;
  readonly source: RelaySource;
}

async function lookOnEngine(engine: Engine, { place, target, source }: Looking): Promise<ForwardWay> {
  const carrier = await findAble(engine, inOrder(place.carriers, place.container.id), source);
  const [dial] = carrier?.dials ?? [];
  if (carrier && dial) return { kind: 'relay', through: carrier.name, network: dial.network };
  const problem = helperNeeded(target, '');
  const networks = place.networks.map(({ network }) => network);
  if (networks.length === 0) {
    const remedy = `${target.service.slice(0, 64)} is on no network of its own; reach it where its network is.`;
    return { kind: 'none', problem: { ...problem, remedy } };
  }
  const images = await findHelperImages(engine, source);
  if (images.length > 0) return { kind: 'helper', reason: problem.message, networks, images };
  const remedy =
    "Build or load the gateway's image, or one with Node 22 or later, on the engine: nothing is pulled for this.";
  return { kind: 'none', problem: { ...problem, remedy } };
}

const carriersLooked = 24;

async function findAble(
  engine: Engine,
  carriers: readonly Carrier[],
  source: RelaySource,
): Promise<Carrier | undefined> {
  const relay = await source();
  for (const carrier of carriers.slice(0, carriersLooked)) {
    const inspected = await engine.inspect(carrier.container);
    if (inspected && findRelayCommand(inspected, relay)) return carrier;
  }
  return undefined;
}
