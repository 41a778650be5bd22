import type { Engine } from '../../docker/engine.ts';
import type { Project } from '../compose/project.ts';
import type { ObservedStack } from './observedStack.ts';

export interface ObserveOptions {
  /** Whose images, external networks and volumes, files and variables are looked at as well. */
  readonly project?: Project | null;
  /** More projects of the same name, for a switch: their volumes are looked at too. */
  readonly withVolumeSizes?: boolean;
  readonly variables?: Readonly<Record<string, string | undefined>>;
  readonly now?: () => number;
}

/** Looks, and changes nothing. Throws `engine-unreachable`. */
export async function observeStack(
  _engine: Engine,
  _projectName: string,
  _options: ObserveOptions = {},
): Promise<ObservedStack> {
  throw new Error('not yet');
}
