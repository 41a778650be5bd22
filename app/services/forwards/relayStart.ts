// How a relay is started in a container that is no gateway: its image has Node, and the relay is given along as text.
import { readFile } from 'node:fs/promises';
import type { Engine } from '../docker/engine.ts';
import type { Inspected } from '../docker/observed.ts';
import { isOurGateway } from '../stack/serviceKind.ts';
import { toRelayCommand } from '../tunnel/relayCommand.ts';
import { RelayFailure } from '../tunnel/relayFailure.ts';
import type { RelayProcess } from '../tunnel/relayLink.ts';

/** The relay as one file of CommonJS, for `node --eval`; null where it was not built. */
export type RelaySource = () => Promise<string | null>;

/** Linux takes 128 KiB in one argument (MAX_ARG_STRLEN). */
const argumentLimitBytes = 120 * 1024;
/** The relay uses what came with it (`Promise.withResolvers`, `toSorted`). */
const leastNodeMajor = 22;

/** Read once. */
export function createRelaySource(path: string): RelaySource {
  let read: Promise<string | null> | undefined;
  return () => {
    read ??= readFile(path, 'utf8').then(
      (text) => (Buffer.byteLength(text) <= argumentLimitBytes ? text : null),
      () => null,
    );
    return read;
  };
}

interface RunnableContainer {
  readonly Config: Pick<Inspected['Config'], 'Image' | 'Labels' | 'Env' | 'Entrypoint'>;
}

/** undefined: nothing in its configuration says that it could. Pure. */
export function findRelayCommand({ Config }: RunnableContainer, source: string | null): string[] | undefined {
  if (isOurGateway(Config.Image, Config.Labels ?? {})) return toRelayCommand(Config.Entrypoint, true);
  if (source === null || !hasNode(Config.Env ?? [])) return undefined;
  // The name in the list of processes says what it is.
  return ['node', '--title=gatehouse-relay', '--eval', source, '--', '--allow', 'tcp'];
}

/** The official image and those made of it say which Node they have. */
export function hasNode(env: readonly string[]): boolean {
  const version = env.find((entry) => entry.startsWith('NODE_VERSION='))?.slice('NODE_VERSION='.length);
  return Number.parseInt(version ?? '', 10) >= leastNodeMajor;
}

export interface StartOptions {
  container: string;
  /** As the operator calls it. */
  name: string;
  source: RelaySource;
}

export async function startInContainer(
  engine: Engine,
  { container, name, source }: StartOptions,
): Promise<RelayProcess> {
  const inspected = await engine.inspect(container);
  if (!inspected) throw new RelayFailure(`${name} is gone`);
  const command = findRelayCommand(inspected, await source());
  if (!command) throw new RelayFailure(`${name} has no Node to run a relay with`);
  return engine.exec(container, command);
}
