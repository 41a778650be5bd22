// Pass: a file becomes trees, one a YAML document: variables replaced, in long form.
import { type Environment, lookupIn } from './environment.ts';
import { unreadable } from './fileReader.ts';
import { interpolateTree } from './interpolateTree.ts';
import type { MapNode } from './node.ts';
import { parseCompose } from './parse.ts';
import type { PathBase } from './resolvePaths.ts';
import { compose } from './schema/compose.ts';
import { type LoadSession, readSource, toShownPath } from './session.ts';
import { toLong } from './toLong.ts';

export interface ModelSource {
  /** Absolute; later ones over earlier ones. */
  readonly files: readonly string[];
  /** Where relative paths start. */
  readonly folder: string;
  readonly environment: Environment;
  /** Files that include this one, for finding a cycle. */
  readonly includedBy: readonly string[];
}

/** Which file of which source a tree stands in. */
export interface FileContext {
  readonly file: string;
  readonly source: ModelSource;
}

export function toPathBase(folder: string, { reader }: LoadSession): PathBase {
  return { path: reader.path, folder, home: reader.home };
}

/** The documents of a file, variables replaced, in long form. */
export async function readTrees(file: string, environment: Environment, session: LoadSession): Promise<MapNode[]> {
  const text = await readSource(session, file);
  const shown = toShownPath(session, file);
  if (text === undefined) throw unreadable(`the compose file ${shown} is not there.`, 'Add it, or correct its name.');
  const lookup = lookupIn(environment);
  return parseCompose(text, shown).map((tree) => toLong(compose, interpolateTree(tree, lookup, session)) as MapNode);
}
