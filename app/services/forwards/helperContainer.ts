// A small container on a network of the stack that carries connections where none that runs can. It is started after
// somebody said yes to it, from an image that is there, and lives no longer than our connection to its stdin.
import { randomBytes } from 'node:crypto';
import type { HelperConsent } from '../../contract/index.ts';
import { withoutRecording } from '../docker/callRecording.ts';
import type { Engine } from '../docker/engine.ts';
import type { StackImage } from '../docker/stackParts.ts';
import { isOurGateway } from '../stack/serviceKind.ts';
import { RelayFailure } from '../tunnel/relayFailure.ts';
import type { RelayProcess } from '../tunnel/relayLink.ts';
import { findRelayCommand, type RelaySource } from './relayStart.ts';

const kindLabel = 'gatehouse.helper';
const madeLabel = 'gatehouse.helper.made';
const kind = 'relay';
/** Between its making and its start a helper does not run, for less than a second. */
const leftoverMs = 60_000;
const imagesLooked = 12;
/** Measured: 160 MB at most, just after half a gigabyte had passed. */
const memoryBytes = 256 * 2 ** 20;
/** Of the gateway first, then those that are likely to have Node in them. */
const likely = [/(?:^|\/)gatehouse\/api-gateway:/, /(?:^|\/)gatehouse\/platform-service:/, /(?:^|\/)node:/];

/** Images on the engine that a helper can be started from, the best first. Nothing is pulled. */
export async function findHelperImages(engine: Engine, source: RelaySource): Promise<string[]> {
  const tags = await engine.stack.images.listTags();
  const candidates = likely.flatMap((pattern) =>
    tags
      .filter((tag) => pattern.test(tag))
      .toSorted()
      .toReversed(),
  );
  const relay = await source();
  const usable: string[] = [];
  for (const tag of candidates.slice(0, imagesLooked)) {
    const image = await engine.stack.images.inspect(tag);
    if (image && findCommand(tag, image, relay)) usable.push(tag);
  }
  return usable;
}

function findCommand(tag: string, { config }: Pick<StackImage, 'config'>, relay: string | null): string[] | undefined {
  const texts = (value: unknown) => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []);
  const Config = { Image: tag, Labels: {}, Env: texts(config.Env), Entrypoint: texts(config.Entrypoint) };
  return findRelayCommand({ Config }, relay);
}

export interface HelperOptions extends HelperConsent {
  readonly name: string;
  /** Project, service and port, for whoever finds it with `docker ps`. */
  readonly purpose: string;
  readonly source: RelaySource;
  readonly openEngine: () => Engine;
}

export function toHelperName(): string {
  return `gatehouse-relay-${randomBytes(4).toString('hex')}`;
}

/** Rejects with a RelayFailure, or what the engine threw; nothing of it is left then. */
export async function startHelper(engine: Engine, options: HelperOptions): Promise<RelayProcess> {
  const { image, name, source, openEngine } = options;
  const found = await engine.stack.images.inspect(image);
  if (!found) throw new RelayFailure(`the image ${image} is not on the engine, and nothing is pulled for this`);
  const command = findCommand(image, found, await source());
  if (!command) throw new RelayFailure(`the image ${image} has nothing to run a relay with`);
  const body = toHelperBody(options, command);
  const { id } = await engine.stack.containers.create(name, body, null);
  try {
    // Attached first: from its start on, its stdin is ours, and closes with us.
    const attached = await engine.attach(id);
    attached.stream.once('close', () => void removeHelper(openEngine, id));
    await engine.stack.containers.start(id);
    return attached;
  } catch (error) {
    await removeHelper(openEngine, id);
    throw error;
  }
}

/** It removes itself when its stdin closes; this is for an engine that has not noticed. */
async function removeHelper(openEngine: () => Engine, id: string): Promise<void> {
  await withoutRecording(async () => {
    try {
      const engine = openEngine();
      try {
        await engine.stack.containers.remove(id, { force: true, volumes: true });
      } finally {
        engine.close();
      }
    } catch {
      // Gone already, or on its way: the engine refuses what it is just doing. The next sweep looks again.
    }
  });
}

/** Our gateway's image starts its own program; in others Node is started by name. Pure. */
export function toHelperBody(
  { image, network, purpose }: Pick<HelperOptions, 'image' | 'network' | 'purpose'>,
  command: readonly string[],
): Record<string, unknown> {
  const [program = '', ...rest] = command;
  const start = isOurGateway(image)
    ? { Cmd: command.slice(command.indexOf('relay')) }
    : { Entrypoint: [program], Cmd: rest };
  return {
    Image: image,
    ...start,
    Labels: { [kindLabel]: kind, [madeLabel]: String(Date.now()), 'gatehouse.helper.for': purpose },
    Healthcheck: { Test: ['NONE'] },
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    OpenStdin: true,
    StdinOnce: true,
    Tty: false,
    User: '65534:65534',
    HostConfig: {
      AutoRemove: true,
      NetworkMode: network,
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      Memory: memoryBytes,
      PidsLimit: 64,
      RestartPolicy: { Name: 'no' },
      // What passes through it is on its stdout, and belongs in no log.
      LogConfig: { Type: 'none' },
    },
  };
}

/**
 * Removes helpers that never came to run: their console was killed in between. One that runs has a console, or ends by
 * itself after 30 s without a word from it.
 */
export async function sweepHelpers(engine: Engine, now: number): Promise<number> {
  const helpers = await engine.stack.containers.listLabelled(`${kindLabel}=${kind}`);
  const left = helpers.filter(({ state, labels }) => {
    const age = now - Number(labels[madeLabel]);
    return ['created', 'exited', 'dead'].includes(state) && !(age < leftoverMs);
  });
  for (const { id } of left) await engine.stack.containers.remove(id, { force: true, volumes: true });
  return left.length;
}
