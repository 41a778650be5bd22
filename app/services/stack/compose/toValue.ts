// Pass: the tree becomes plain values, as compose prints them: sizes in bytes, durations in Go's form, empty things left
// out. What stands in it was checked before.
import { toNumber } from './check.ts';
import { isList, isMap, isNull, isText, type Node, toText } from './node.ts';
import { type RecordShape, type Shape, shapeOfKey } from './schema/shape.ts';
import { parseBytes, parseDuration, parseFlag, printDuration, splitCommand, toSingle } from './values.ts';

/** undefined: nothing to print. */
export function toValue(shape: Shape, node: Node): unknown {
  const value = toPrinted(shape, node);
  return isEmpty(value) && !shape.keepEmpty ? undefined : value;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false || value === 0) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function toPrinted(shape: Shape, node: Node): unknown {
  switch (shape.is) {
    case 'anything':
      return toPlain(node);
    case 'text':
      return isNull(node) ? undefined : toText(node);
    case 'pairValue':
      return isNull(node) ? (shape.whenNull === 'null' ? null : '') : toText(node);
    case 'flag':
      return isText(node) ? parseFlag(node.value) : node.kind === 'scalar' && node.value;
    case 'number':
      return shape.whole ? toNumber(shape, node) : toSingle(toNumber(shape, node) ?? 0);
    case 'bytes':
      return toBytes(node);
    case 'duration':
      return toDuration(node, shape.omitZero === true);
    case 'command':
      return toCommand(node, shape.shell);
    case 'list':
      return toItems(shape, node);
    case 'table':
      return toTable(shape.of, node);
    case 'record':
      return toRecord(shape, node);
    case 'either':
      return toPrinted(shape.of[shape.picks(node)], node);
  }
}

function toDuration(node: Node, omitsZero: boolean): string | undefined {
  const ns = isText(node) ? (parseDuration(node.value) ?? 0n) : 0n;
  return ns === 0n && omitsZero ? undefined : printDuration(ns);
}

function toBytes(node: Node): string | undefined {
  const written = toText(node);
  const size = isText(node) ? parseBytes(node.value)?.toString() : written;
  return size === '0' ? undefined : size;
}

function toCommand(node: Node, shell: string | undefined): readonly string[] | null {
  if (isNull(node)) return null;
  if (isText(node)) return shell ? [shell, node.value] : (splitCommand(node.value)?.words ?? []);
  return isList(node) ? node.items.map((item) => toText(item) ?? '') : [];
}

function toItems(shape: Extract<Shape, { is: 'list' }>, node: Node): unknown[] {
  const items = (isList(node) ? node.items : []).map((item) => toPrinted(shape.of, item));
  return shape.sorted ? items.sort((a, b) => (String(a) < String(b) ? -1 : 1)) : items;
}

/** By name, as compose prints them. */
function toTable(of: Shape, node: Node): Record<string, unknown> {
  const entries = [...(isMap(node) ? node.entries : [])].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    entries.map(([key, item]) => [key, isNull(item) && of.nullable ? toNullItem(of) : toPrinted(of, item)]),
  );
}

/** `networks: {a: }` stays null, `labels: {a: }` is empty. */
function toNullItem(of: Shape): unknown {
  return of.is === 'pairValue' && of.whenNull === 'empty' ? '' : null;
}

function toRecord(shape: RecordShape, node: Node): Record<string, unknown> | undefined {
  if (!isMap(node)) return undefined;
  const values: [string, unknown][] = [];
  for (const key of [...Object.keys(shape.keys), ...[...node.entries.keys()].filter((name) => name.startsWith('x-'))]) {
    const item = node.entries.get(key);
    const of = shapeOfKey(shape, key);
    const value = item && of ? toValue(of, item) : of?.is === 'command' && of.absentIsNull ? null : undefined;
    if (value !== undefined) values.push([key, value]);
  }
  return Object.fromEntries(values);
}

function toPlain(node: Node): unknown {
  if (isList(node)) return node.items.map(toPlain);
  if (isMap(node)) return Object.fromEntries([...node.entries].map(([key, item]) => [key, toPlain(item)]));
  return node.value;
}
