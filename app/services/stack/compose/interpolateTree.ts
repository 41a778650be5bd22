// Pass: variables in every text of a tree. Keys stay as written.
import { interpolate, type Lookup } from './interpolate.ts';
import { isList, isMap, isText, mapEntries, type Node } from './node.ts';
import { problemAt, toPlaceText } from './problem.ts';
import { type LoadSession, warn } from './session.ts';

/** Throws `compose-invalid` with the place of a variable that is required, or of braces that are wrong. */
export function interpolateTree(node: Node, lookup: Lookup, session: LoadSession): Node {
  if (isMap(node)) return mapEntries(node, (item) => interpolateTree(item, lookup, session));
  if (isList(node)) return { ...node, items: node.items.map((item) => interpolateTree(item, lookup, session)) };
  if (!isText(node)) return node;
  const { text, missing, fault } = interpolate(node.value, lookup);
  if (fault !== undefined)
    throw problemAt(node.place, fault, 'Set the variable, or correct the compose file at this place.');
  for (const name of missing) {
    warn(session, toPlaceText(node.place), `variable ${name} is not set and has no default; it is empty here`);
  }
  return text === node.value ? node : { ...node, value: text };
}
