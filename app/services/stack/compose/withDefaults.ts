// Pass: what is left out and stands for something is filled in, when all files are merged.
import { isList, isMap, mapEntries, type Node } from './node.ts';
import { type Shape, shapeOfKey } from './schema/shape.ts';

export function withDefaults(shape: Shape, node: Node): Node {
  if (shape.is === 'list' && isList(node))
    return { ...node, items: node.items.map((item) => withDefaults(shape.of, item)) };
  if (shape.is === 'table' && isMap(node)) return mapEntries(node, (item) => withDefaults(shape.of, item));
  if (shape.is !== 'record' || !isMap(node)) return node;
  const filled = mapEntries(node, (item, key) => {
    const of = shapeOfKey(shape, key);
    return of ? withDefaults(of, item) : item;
  });
  return shape.defaults ? shape.defaults(filled) : filled;
}
