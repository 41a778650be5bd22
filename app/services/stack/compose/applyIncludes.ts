// Pass: `include` brings in whole projects, each read in its own folder with its own variables.
import { withDotenv, withEnvFiles } from './environment.ts';
import {
  findText,
  isList,
  isMap,
  isNull,
  isSame,
  isText,
  itemsOf,
  type MapNode,
  type Node,
  type Place,
  placeOfKey,
  toMap,
  withEntry,
} from './node.ts';
import { problemAt } from './problem.ts';
import { type FileContext, type ModelSource, toPathBase } from './readTrees.ts';
import { toAbsolute } from './resolvePaths.ts';
import { type LoadSession, toShownPath } from './session.ts';

const sections = ['services', 'volumes', 'networks', 'secrets', 'configs'];
const keys = ['path', 'env_file', 'project_directory'];
/** Deeper nesting is no project of a person. */
const depthLimit = 20;

export interface IncludeContext extends FileContext {
  readonly session: LoadSession;
  /** Handed in, since an included project is read as this one is. */
  readonly readModel: (source: ModelSource, session: LoadSession) => Promise<MapNode>;
}

/** Throws `compose-invalid` for a cycle of files, and for two files that say different things of the same name. */
export async function applyIncludes(tree: MapNode, context: IncludeContext): Promise<MapNode> {
  const includes = tree.entries.get('include');
  if (!includes) return tree;
  if (isNull(includes)) return withEntry(tree, 'include', undefined);
  if (!isList(includes)) throw problemAt(includes.place, 'include must be a list', 'Write a list of files.');
  let whole = withEntry(tree, 'include', undefined);
  for (const item of includes.items) whole = join(whole, await readIncluded(item, context), item);
  return whole;
}

async function readIncluded(item: Node, { file, source, session, readModel }: IncludeContext): Promise<MapNode> {
  const odd = isMap(item) ? [...item.entries.keys()].find((key) => !keys.includes(key)) : undefined;
  if (isMap(item) && odd !== undefined) {
    throw problemAt(placeOfKey(item, odd), `include has "${odd}"`, `Its keys are ${keys.join(', ')}.`);
  }
  const base = toPathBase(source.folder, session);
  const written = toTexts(isMap(item) ? item.entries.get('path') : item);
  const files = written.map((path) => toAbsolute(path, base));
  const [main] = files;
  if (main === undefined) throw problemAt(item.place, 'an include without a path', 'Write the path of a compose file.');
  requireNoCycle([...source.includedBy, file], main, item, session);
  for (const path of files) {
    if ((await session.reader.readText(path)) !== undefined) continue;
    const shown = toShownPath(session, path);
    throw problemAt(item.place, `includes ${shown}, which is not there`, 'Add it, or correct its name.');
  }
  const project = findText(item, 'project_directory');
  const folder = project === undefined ? session.reader.path.dirname(main) : toAbsolute(project, base);
  if (!(await session.reader.isFolder(folder))) {
    throw problemAt(item.place, `project_directory "${project}" is no folder`, 'Add it, or correct its name.');
  }
  const envFiles = toTexts(isMap(item) ? item.entries.get('env_file') : undefined).map((path) =>
    toAbsolute(path, base),
  );
  const environment =
    envFiles.length > 0
      ? await withEnvFiles(source.environment, envFiles, session)
      : await withDotenv({ ...source.environment, COMPOSE_ENV_FILES: undefined }, folder, session);
  return await readModel({ files, folder, environment, includedBy: [...source.includedBy, file] }, session);
}

function requireNoCycle(files: readonly string[], next: string, at: Node, session: LoadSession): void {
  const names = [...files, next].map((file) => toShownPath(session, file));
  if (files.includes(next)) {
    throw problemAt(at.place, `files include each other: ${names.join(' → ')}`, 'Remove one of these includes.');
  }
  if (files.length > depthLimit)
    throw problemAt(at.place, `includes are nested deeper than ${depthLimit}`, 'Nest less deeply.');
}

function toTexts(node: Node | undefined): string[] {
  if (isText(node)) return [node.value];
  return itemsOf(node).flatMap((item) => (isText(item) ? [item.value] : []));
}

/** What is included twice and says the same is fine. */
function join(tree: MapNode, included: MapNode, at: Node): MapNode {
  let joined = tree;
  for (const section of sections) {
    const from = included.entries.get(section);
    if (!isMap(from)) continue;
    const own = joined.entries.get(section);
    const to = isMap(own) ? own : toMap([], from.place);
    const entries = new Map(to.entries);
    for (const [name, node] of from.entries) {
      const known = entries.get(name);
      if (known && !isSame(known, node)) throw conflict(at, `${section}.${name}`, placeOfKey(from, name));
      entries.set(name, node);
    }
    joined = withEntry(joined, section, { ...to, entries });
  }
  return joined;
}

function conflict(at: Node, path: string, theirs: Place): Error {
  return problemAt(
    at.place,
    `${path} is also in the included ${theirs.file}:${theirs.line}, and differs`,
    'Rename one of them, or put the changes in a second file: include: [{path: [theirs, yours]}].',
  );
}
