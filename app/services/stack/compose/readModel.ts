// Files → one model: each is parsed, its variables replaced, what it extends and includes brought in, and laid over the
// files before it.
import { applyExtends } from './applyExtends.ts';
import { applyIncludes } from './applyIncludes.ts';
import { check } from './check.ts';
import { findEmptyLists } from './doubts.ts';
import { merge, withoutDoubles, withoutMarks } from './merge.ts';
import { isMap, type MapNode, type Node, withEntry } from './node.ts';
import { problemAt, toPlaceText } from './problem.ts';
import { type ModelSource, readTrees, toPathBase } from './readTrees.ts';
import { resolvePaths, resolveVolumeDevices } from './resolvePaths.ts';
import { compose } from './schema/compose.ts';
import { type LoadSession, toShownPath, warn } from './session.ts';
import { withDefaults } from './withDefaults.ts';

/** The model in long form, checked, with absolute paths; nothing is left out yet. */
export async function readModel(source: ModelSource, session: LoadSession): Promise<MapNode> {
  let model: Node | undefined;
  for (const file of source.files) {
    for (const tree of await readTrees(file, source.environment, session)) {
      const extended = await applyExtends(tree, { file, source }, session);
      const whole = await applyIncludes(extended, { file, source, session, readModel });
      model = layOver(model, whole, session);
    }
  }
  if (!isMap(model) || model.entries.size === 0) throw toEmpty(source, session);
  const base = toPathBase(source.folder, session);
  const filled = withDefaults(compose, model);
  return resolveVolumeDevices(resolvePaths(compose, filled, base), base) as MapNode;
}

function toEmpty({ files }: ModelSource, session: LoadSession): Error {
  const place = { file: toShownPath(session, files[0] ?? ''), line: 1, column: 1 };
  return problemAt(place, 'the file is empty', 'Begin with `services:`.');
}

function layOver(model: Node | undefined, tree: Node, session: LoadSession): Node {
  for (const { place, message } of findEmptyLists(model, tree)) warn(session, place, message);
  const merged = withoutDoubles(compose, withoutMarks(model ? merge(compose, model, tree) : tree));
  check(compose, merged, '');
  if (!isMap(merged)) return merged;
  const version = merged.entries.get('version');
  if (!version) return merged;
  warn(session, toPlaceText(version.place), `version: is obsolete and not read; remove it`);
  return withEntry(merged, 'version', undefined);
}
