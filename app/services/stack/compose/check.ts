// Pass: is what was written what the specification allows? In long form, after merging. Pure.

import { findNearest } from './nearest.ts';
import { isList, isMap, isNull, isSame, isText, itemsOf, type MapNode, type Node, placeOfKey, toText } from './node.ts';
import { problemAt } from './problem.ts';
import { notSupported } from './schema/compose.ts';
import type { ListShape, NumberShape, RecordShape, Shape, TableShape, TextShape } from './schema/shape.ts';
import { shapeOfKey } from './schema/shape.ts';
import { parseBytes, parseDuration, parseFlag, splitCommand } from './values.ts';

/** Throws `compose-invalid` with the first thing that is wrong; `path` names it, for example `services.api.ports`. */
export function check(shape: Shape, node: Node, path: string): void {
  if (isNull(node) && shape.nullable) return;
  checkShape(shape, node, path);
  const fault = shape.fault?.(node);
  if (fault !== undefined) throw problemAt(node.place, `${path} ${fault}`);
}

function checkShape(shape: Shape, node: Node, path: string): void {
  switch (shape.is) {
    case 'text':
      checkText(shape, node, path);
      break;
    case 'pairValue':
      need(isPlainValue(node), { node, path }, 'must be a text, a number, a flag or nothing');
      break;
    case 'flag':
      checkFlag(shape.strict === true, node, path);
      break;
    case 'number':
      checkNumber(shape, node, path);
      break;
    case 'bytes':
      checkBytes(shape.textOnly === true, node, path);
      break;
    case 'duration':
      need(
        isText(node) && parseDuration(node.value) !== undefined,
        { node, path },
        'must be a duration such as 5s or 1m30s',
      );
      break;
    case 'command':
      checkCommand(node, path);
      break;
    case 'list':
      checkList(shape, node, path);
      break;
    case 'table':
      checkTable(shape, node, path);
      break;
    case 'record':
      checkRecord(shape, node, path);
      break;
    case 'either':
      check(shape.of[shape.picks(node)], node, path);
      break;
    case 'anything':
      break;
  }
}

/** A node and how it is called: `services.api.ports[0]`. */
interface Spot {
  readonly node: Node;
  readonly path: string;
}

function need(isRight: boolean, { node, path }: Spot, must: string): asserts isRight {
  if (!isRight) throw problemAt(node.place, `${path} ${must}${shown(node)}`);
}

/** Infinity and no-number have no form in JSON, and none in compose. */
function isPlainValue(node: Node): boolean {
  return node.kind === 'scalar' && (typeof node.value !== 'number' || Number.isFinite(node.value));
}

function shown(node: Node): string {
  if (isNull(node)) return ', and has no value';
  const kinds = { map: ', and is a mapping', list: ', and is a list' };
  return node.kind === 'scalar' ? `, and is ${JSON.stringify(node.value)}` : kinds[node.kind];
}

function checkText({ oneOf, numbers }: TextShape, node: Node, path: string): void {
  const isNumber = numbers === true && node.kind === 'scalar' && Number.isInteger(node.value);
  need(isText(node) || isNumber, { node, path }, numbers ? 'must be a text or a whole number' : 'must be a text');
  if (oneOf) need(oneOf.includes(toText(node) ?? ''), { node, path }, `must be one of ${oneOf.join(', ')}`);
}

function checkFlag(isStrict: boolean, node: Node, path: string): void {
  const isFlag = node.kind === 'scalar' && typeof node.value === 'boolean';
  const saysOne = !isStrict && isText(node) && parseFlag(node.value) !== undefined;
  need(isFlag || saysOne, { node, path }, 'must be true or false');
}

function checkNumber(shape: NumberShape, node: Node, path: string): void {
  const kind = shape.whole ? 'a whole number' : 'a number';
  const value = toNumber(shape, node);
  need(value !== undefined, { node, path }, `must be ${kind}`);
  const { min = -Infinity, max = Infinity } = shape;
  need(value >= min && value <= max, { node, path }, `must be ${kind} from ${min} to ${max}`);
}

/** undefined for what is no number by the shape's rules. */
export function toNumber(shape: NumberShape, node: Node): number | undefined {
  if (node.kind !== 'scalar') return undefined;
  if (isText(node) && shape.words && Object.hasOwn(shape.words, node.value)) return shape.words[node.value];
  const form = shape.whole ? /^[-+]?\d+$/ : /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;
  const isWritten = isText(node) && !shape.strict && form.test(node.value);
  const value = typeof node.value === 'number' ? node.value : isWritten ? Number(node.value) : Number.NaN;
  return shape.whole ? (Number.isInteger(value) ? value : undefined) : Number.isFinite(value) ? value : undefined;
}

function checkBytes(isTextOnly: boolean, node: Node, path: string): void {
  const written = toText(node) ?? '';
  // Minus one stands for no limit, and only as a number.
  const isWhole = !isText(node) && !isTextOnly && /^-?\d{1,19}$/.test(written);
  const isSize = isText(node) && parseBytes(written) !== undefined;
  need(isWhole || isSize, { node, path }, 'must be a size such as 64m or 1.5g');
}

function checkCommand(node: Node, path: string): void {
  const isOneText = isText(node) && splitCommand(node.value) !== undefined;
  need(
    isList(node) || isOneText,
    { node, path },
    'must be a list of texts, or a text whose quotes and brackets are closed',
  );
  for (const [at, item] of itemsOf(node).entries())
    need(isText(item), { node: item, path: `${path}[${at}]` }, 'must be a text');
}

function checkList(shape: ListShape, node: Node, path: string): void {
  need(isList(node), { node, path }, 'must be a list');
  node.items.forEach((item, at) => {
    check(shape.of, item, `${path}[${at}]`);
    const before = shape.unique ? node.items.slice(0, at).findIndex((other) => isSame(item, other)) : -1;
    need(before === -1, { node: item, path: `${path}[${at}]` }, `must not be there twice (also at [${before}])`);
  });
}

function checkTable(shape: TableShape, node: Node, path: string): void {
  need(isMap(node), { node, path }, 'must be a mapping');
  for (const [key, item] of node.entries) {
    if (shape.names && !shape.names.test(key)) {
      throw problemAt(
        placeOfKey(node, key),
        `${path} has "${key}", a name with other characters than A-Z a-z 0-9 . _ -`,
      );
    }
    check(shape.of, item, join(path, key));
  }
}

function checkRecord(shape: RecordShape, node: Node, path: string): void {
  need(isMap(node), { node, path }, 'must be a mapping');
  for (const [key, item] of node.entries) {
    const of = shapeOfKey(shape, key);
    if (!of) throw toUnknownKey({ node, path }, key, Object.keys(shape.keys));
    check(of, item, join(path, key));
  }
  for (const key of shape.required ?? []) need(node.entries.has(key), { node, path }, `must have "${key}"`);
}

function toUnknownKey({ node, path }: Spot & { readonly node: MapNode }, key: string, known: readonly string[]): Error {
  const place = placeOfKey(node, key);
  const reason = notSupported.get(key);
  if (reason)
    return problemAt(
      place,
      `${join(path, key)} is not supported: ${reason}`,
      'Remove it, or run this project with docker compose.',
    );
  const near = findNearest(key, known);
  return problemAt(
    place,
    `${join(path, key)} is no key of the compose specification`,
    near ? `Did you mean ${near}? Otherwise remove it, or begin it with x-.` : 'Remove it, or begin it with x-.',
  );
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
