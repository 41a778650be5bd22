// A compose file as a tree whose every node knows where it was written, so that a complaint after ten merges still has
// a line. Immutable: passes return new nodes.

export interface Place {
  /** As shown in messages: relative to the project's folder where it lies in it. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** `!reset` takes away what earlier files said, `!override` replaces it; both are heeded by the next merge. */
type Mark = 'reset' | 'override';

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** How a number is written where a text is wanted (`1.50` becomes `1.5`); exact where a double is not. */
  readonly text?: string;
  readonly place: Place;
  readonly mark?: Mark;
}

export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly Node[];
  readonly place: Place;
  readonly mark?: Mark;
}

export interface MapNode {
  readonly kind: 'map';
  /** A Map, since `__proto__` is a key like any other. */
  readonly entries: ReadonlyMap<string, Node>;
  /** Where keys stand; absent for what a pass has made. */
  readonly keyPlaces?: ReadonlyMap<string, Place>;
  readonly place: Place;
  readonly mark?: Mark;
}

export type Node = ScalarNode | ListNode | MapNode;

export function toScalar(value: ScalarNode['value'], place: Place): ScalarNode {
  return { kind: 'scalar', value, place };
}

export function toList(items: readonly Node[], place: Place): ListNode {
  return { kind: 'list', items, place };
}

export function toMap(entries: Iterable<readonly [string, Node]>, place: Place): MapNode {
  return { kind: 'map', entries: new Map(entries), place };
}

/** A map of scalars, for what a short form stands for. Values that are undefined are left out. */
export function toFields(
  values: Readonly<Record<string, ScalarNode['value'] | Node | undefined>>,
  place: Place,
): MapNode {
  const entries: [string, Node][] = [];
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) continue;
    entries.push([key, isNode(value) ? value : toScalar(value, place)]);
  }
  return toMap(entries, place);
}

export function withEntries(map: MapNode, entries: Iterable<readonly [string, Node]>): MapNode {
  return { ...map, entries: new Map(entries) };
}

export function withEntry(map: MapNode, key: string, node: Node | undefined): MapNode {
  const entries = new Map(map.entries);
  if (node === undefined) entries.delete(key);
  else entries.set(key, node);
  return { ...map, entries };
}

export function mapEntries(map: MapNode, change: (node: Node, key: string) => Node): MapNode {
  return withEntries(
    map,
    [...map.entries].map(([key, node]) => [key, change(node, key)] as const),
  );
}

export function isMap(node: Node | undefined): node is MapNode {
  return node?.kind === 'map';
}

export function isList(node: Node | undefined): node is ListNode {
  return node?.kind === 'list';
}

export function isNull(node: Node | undefined): boolean {
  return node?.kind === 'scalar' && node.value === null;
}

export function isText(node: Node | undefined): node is ScalarNode & { readonly value: string } {
  return node?.kind === 'scalar' && typeof node.value === 'string';
}

/** The node at a path of keys. */
export function find(node: Node | undefined, ...path: readonly string[]): Node | undefined {
  return path.reduce<Node | undefined>((at, key) => (isMap(at) ? at.entries.get(key) : undefined), node);
}

export function findMap(node: Node | undefined, ...path: readonly string[]): MapNode | undefined {
  const found = find(node, ...path);
  return isMap(found) ? found : undefined;
}

export function findText(node: Node | undefined, ...path: readonly string[]): string | undefined {
  const found = find(node, ...path);
  return isText(found) ? found.value : undefined;
}

export function itemsOf(node: Node | undefined): readonly Node[] {
  return isList(node) ? node.items : [];
}

export function entriesOf(node: Node | undefined): readonly (readonly [string, Node])[] {
  return isMap(node) ? [...node.entries] : [];
}

/** Where a key stands, or its value where the key has no place of its own. */
export function placeOfKey(map: MapNode, key: string): Place {
  return map.keyPlaces?.get(key) ?? map.entries.get(key)?.place ?? map.place;
}

/** A scalar as compose writes it into a text; undefined for what is no scalar, '' for null. */
export function toText(node: Node | undefined): string | undefined {
  if (node?.kind !== 'scalar') return undefined;
  return node.text ?? (node.value === null ? '' : String(node.value));
}

export function isSame(a: Node, b: Node): boolean {
  if (a.kind === 'scalar') return b.kind === 'scalar' && a.value === b.value && a.text === b.text;
  if (a.kind === 'list') {
    return (
      isList(b) && a.items.length === b.items.length && a.items.every((item, at) => isSameOrNone(item, b.items[at]))
    );
  }
  return (
    isMap(b) &&
    a.entries.size === b.entries.size &&
    [...a.entries].every(([key, node]) => isSameOrNone(node, b.entries.get(key)))
  );
}

function isSameOrNone(a: Node, b: Node | undefined): boolean {
  return b !== undefined && isSame(a, b);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'kind' in value;
}
