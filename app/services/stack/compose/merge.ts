// Pass: a file over the files before it, each key by its own rule. Both are in long form. Pure.
import { isList, isMap, isNull, type ListNode, type MapNode, type Node, withEntries } from './node.ts';
import { problemAt } from './problem.ts';
import { type Shape, shapeOfKey } from './schema/shape.ts';

/** `over` on `base`, which has no marks. Those of `over` (`!reset`, `!override`) stay, so that a later merge heeds them too. */
export function merge(shape: Shape, base: Node, over: Node): Node {
  if (over.mark) return over;
  const rule = typeof shape.merge === 'function' ? shape.merge(base, over) : (shape.merge ?? 'merge');
  // `ports:` without a value adds nothing.
  if (isNull(over) && rule !== 'replace') return base;
  if (rule === 'replace') return over;
  if (isMap(base) && isMap(over)) return mergeMaps(shape, base, over);
  if (isList(base) && isList(over)) return mergeLists(shape, base, over);
  if ((isMap(base) || isList(base)) && base.kind !== over.kind) {
    throw problemAt(
      over.place,
      `a ${base.kind === 'map' ? 'mapping' : 'list'} of an earlier file cannot be merged with what is no such thing`,
      'Write it as the earlier file does, or mark it with !override.',
    );
  }
  return over;
}

function mergeLists(shape: Shape, base: ListNode, over: ListNode): ListNode {
  if (shape.is !== 'list' || !shape.mergeBy) return { ...base, items: [...base.items, ...over.items] };
  const { mergeBy, of } = shape;
  const before = new Map(base.items.map((item) => [mergeBy(item), item]));
  const items = over.items.map((item) => {
    const same = before.get(mergeBy(item));
    return same ? merge(of, same, item) : item;
  });
  return { ...over, items };
}

function mergeMaps(shape: Shape, base: MapNode, over: MapNode): MapNode {
  const entries = new Map(base.entries);
  const keyPlaces = new Map(base.keyPlaces);
  for (const [key, node] of over.entries) {
    const before = entries.get(key);
    const of = shapeInside(shape, key);
    entries.set(key, before ? merge(of, before, node) : node);
    const place = over.keyPlaces?.get(key);
    if (place) keyPlaces.set(key, place);
  }
  return { ...base, entries, keyPlaces };
}

function shapeInside(shape: Shape, key: string): Shape {
  if (shape.is === 'table') return shape.of;
  if (shape.is === 'record') return shapeOfKey(shape, key) ?? { is: 'anything' };
  return { is: 'anything' };
}

/** Pass: what was reset goes, marks are taken off. */
export function withoutMarks(node: Node): Node {
  const { mark: _, ...plain } = node;
  if (isMap(plain)) {
    const kept = [...plain.entries].filter(([, item]) => item.mark !== 'reset');
    return withEntries(
      plain,
      kept.map(([key, item]) => [key, withoutMarks(item)] as const),
    );
  }
  return isList(plain) ? { ...plain, items: plain.items.map(withoutMarks) } : plain;
}

/** Pass: of list items for the same thing (a target, a key, a port) the last one stays, where the first one stood. */
export function withoutDoubles(shape: Shape, node: Node): Node {
  if (shape.is === 'list' && isList(node)) return toUnique(shape, node);
  if ((shape.is === 'table' || shape.is === 'record') && isMap(node)) {
    return withEntries(
      node,
      [...node.entries].map(([key, item]) => [key, withoutDoubles(shapeInside(shape, key), item)] as const),
    );
  }
  return node;
}

function toUnique(shape: Extract<Shape, { is: 'list' }>, node: ListNode): ListNode {
  const { keyOf } = shape;
  if (!keyOf) return { ...node, items: node.items.map((item) => withoutDoubles(shape.of, item)) };
  const kept = new Map<unknown, Node>();
  for (const item of node.items) kept.set(keyOf(item) ?? item, withoutDoubles(shape.of, item));
  return { ...node, items: [...kept.values()] };
}
