// What planning knows of an engine and of this machine, as plain data: made by observeStack, read by pure functions.
import type { EngineIdentity } from '../../docker/observed.ts';
import type { StackContainer } from '../../docker/stackContainer.ts';
import type { EngineDefaults, StackImage, StackNetwork, StackVolume, TakenPort } from '../../docker/stackParts.ts';

export type FileFact = 'file' | 'folder' | 'missing' | 'unreadable';

export interface ObservedStack {
  /** Epoch ms. */
  readonly at: number;
  readonly project: string;
  readonly engine: EngineIdentity;
  readonly defaults: EngineDefaults;
  readonly containers: readonly StackContainer[];
  /** Those of the project, and those that its files name; by the engine's name. */
  readonly networks: Readonly<Record<string, StackNetwork>>;
  readonly volumes: Readonly<Record<string, StackVolume>>;
  /** By reference as the files write it; null: not on the engine. */
  readonly images: Readonly<Record<string, StackImage | null>>;
  /** Of containers outside of the project. */
  readonly takenPorts: readonly TakenPort[];
  /** Containers outside of the project by name, with their project: a name of ours may be taken. */
  readonly neighbours: Readonly<Record<string, { readonly id: string; readonly project: string | null }>>;
  /** Of this machine, by path: sources of bind mounts, secrets and configs. */
  readonly files: Readonly<Record<string, FileFact>>;
  /** false: the engine is another machine's, and nobody looked at its files. */
  readonly readsFiles: boolean;
}
