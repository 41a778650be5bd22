// Shapes of values that are written in a short and a long form all over the specification.
import { isList, isMap, isText, type Node, toFields, toList, toMap, toScalar, toText } from '../node.ts';
import { problemAt } from '../problem.ts';
import { type ListShape, list, type PathRule, type Shape, type TableShape, table, text } from './shape.ts';

/** `KEY=value` → KEY; what has no `=` is its own key. */
export function keyOfPair(item: Node): string | undefined {
  return isText(item) ? item.value.split('=', 1)[0] : undefined;
}

/** A mapping, or a list of `KEY=value`. */
export function pairs(whenNull: 'null' | 'empty', path?: PathRule): TableShape {
  return table(
    { is: 'pairValue', whenNull, nullable: true, merge: 'replace', ...(path ? { path } : {}) },
    { toLong: toPairs },
  );
}

function toPairs(node: Node): Node {
  if (!isList(node) || !node.items.every(isText)) return node;
  return toMap(
    node.items.filter(isText).map((item) => {
      const [key = '', ...rest] = item.value.split('=');
      return [key, toScalar(rest.length > 0 ? rest.join('=') : null, item.place)] as const;
    }),
    node.place,
  );
}

/** A text is a list of one. */
export function toItems(node: Node): Node {
  return isText(node) ? toList([node], node.place) : node;
}

/** A list of texts without doubles; a text alone is a list of one where `single` says so. */
export function texts(more: Partial<ListShape> & { readonly single?: boolean; readonly of?: Shape } = {}): ListShape {
  const { single, of = text(), ...rest } = more;
  return list(of, { ...rest, ...(single ? { toLong: toItems } : {}) });
}

/** Names as a list, or as a mapping with more about each. */
export function namesToMap(about: (name: Node) => Node): (node: Node) => Node {
  return (node) => {
    if (!isList(node) || !node.items.every(isText)) return node;
    return toMap(
      node.items.filter(isText).map((item) => [item.value, about(item)] as const),
      node.place,
    );
  };
}

/** `name` → `{source: name}`. */
export function toSource(node: Node): Node {
  return isText(node) ? toFields({ source: node }, node.place) : node;
}

/** `external: true` and the older `external: {name: x}`. */
export function toExternal(node: Node): Node {
  if (!isMap(node)) return node;
  const external = node.entries.get('external');
  if (!isMap(external)) return node;
  const name = external.entries.get('name');
  const entries = new Map(node.entries);
  entries.set('external', toScalar(true, external.place));
  if (name) {
    const own = node.entries.get('name');
    if (own && toText(own) !== toText(name)) {
      throw problemAt(name.place, '`external.name` and `name` differ', 'Keep `name` only.');
    }
    entries.set('name', name);
  }
  return { ...node, entries };
}

/** `host:address`, `host=address`, or a mapping; printed as a sorted list of `host=address`. */
export const hosts: ListShape = list(text(), { toLong: toHosts, keyOf: (item) => toText(item), sorted: true });

function toHosts(node: Node): Node {
  if (isList(node)) {
    return toList(
      node.items.flatMap((item) => (isText(item) ? splitHost(item.value, item) : [item])),
      node.place,
    );
  }
  if (!isMap(node)) return node;
  const lines = [...node.entries].flatMap(([host, value]) => {
    const addresses = isList(value) ? value.items : [value];
    return addresses.map((address) => toHost(host, toText(address) ?? '', value));
  });
  return toList(lines, node.place);
}

function splitHost(line: string, at: Node): Node[] {
  const separator = line.includes('=') ? '=' : ':';
  const cut = line.indexOf(separator);
  if (cut === -1) throw problemAt(at.place, `"${line}" has no address`, 'Write host=address.');
  const host = line.slice(0, cut);
  return line
    .slice(cut + 1)
    .split(',')
    .map((address) => toHost(host, address, at));
}

function toHost(host: string, address: string, at: Node): Node {
  if (host === '' || /[:=]/.test(host)) throw problemAt(at.place, `"${host}" is no host name`, 'Write host=address.');
  const bare = /^\[.+\]$/.test(address) ? address.slice(1, -1) : address;
  return toScalar(`${host}=${bare}`, at.place);
}
