// Pass: every short form becomes its long form.
import { isList, isMap, mapEntries, type Node } from './node.ts';
import { type Shape, shapeOfKey } from './schema/shape.ts';

/** Throws `compose-invalid` for a short form that says nothing, such as the port `80:abc`. Leaves alone what is no form. */
export function toLong(shape: Shape, written: Node): Node {
  const node = keepMark(shape.toLong ? shape.toLong(written) : written, written);
  if (shape.is === 'list' && isList(node)) return { ...node, items: node.items.map((item) => toLong(shape.of, item)) };
  if (shape.is === 'table' && isMap(node)) return mapEntries(node, (item) => toLong(shape.of, item));
  if (shape.is === 'record' && isMap(node)) {
    return mapEntries(node, (item, key) => {
      const of = shapeOfKey(shape, key);
      return of ? toLong(of, item) : item;
    });
  }
  if (shape.is === 'either') return toLong(shape.of[shape.picks(node)], node);
  return node;
}

function keepMark(node: Node, written: Node): Node {
  return written.mark && !node.mark ? { ...node, mark: written.mark } : node;
}
