// Text → trees, one a YAML document. Aliases and merge keys are resolved here, within a budget.
import {
  isAlias,
  isSeq,
  isMap as isYamlMap,
  isScalar as isYamlScalar,
  LineCounter,
  type Pair,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
  type Node as YamlNode,
} from 'yaml';
import { isMap, type MapNode, type Node, type Place } from './node.ts';
import { problemAt } from './problem.ts';
import { resolvePlain } from './scalar.ts';

/** Nodes that one file may become when its aliases are resolved: stops the "billion laughs". */
const nodeLimit = 100_000;
const depthLimit = 100;

interface Context {
  readonly file: string;
  readonly lines: LineCounter;
  readonly anchors: Map<string, YamlNode>;
  /** Anchors that are being resolved, so that one that holds itself is found. */
  readonly open: Set<string>;
  nodesLeft: number;
  depth: number;
}

/**
 * One loading reads the same text for its modes, for the project's name and for what it says, which took a third of
 * `gatehouse config`. Texts longer than any compose file are not kept.
 */
const recent = new Map<string, readonly MapNode[]>();
const recentLimits = { texts: 6, length: 256 * 1024 };

/** The documents of a file, empty ones left out. Throws `compose-invalid` with the place. `file` is shown in messages. */
export function parseCompose(text: string, file: string): readonly MapNode[] {
  const key = `${file}\0${text}`;
  const trees = recent.get(key) ?? parseDocuments(text, file);
  recent.delete(key);
  if (key.length <= recentLimits.length) recent.set(key, trees);
  const [oldest] = recent.keys();
  if (recent.size > recentLimits.texts && oldest !== undefined) recent.delete(oldest);
  return trees;
}

function parseDocuments(text: string, file: string): MapNode[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    // Scalars are resolved here, by compose's rules and not by the package's.
    schema: 'failsafe',
    uniqueKeys: true,
    logLevel: 'silent',
  });
  const trees: MapNode[] = [];
  let nodesLeft = nodeLimit;
  for (const document of Array.isArray(documents) ? documents : []) {
    const context: Context = { file, lines, anchors: new Map(), open: new Set(), nodesLeft, depth: 0 };
    const error = document.errors[0];
    if (error) {
      const place = placeOf(error.pos[0], context);
      throw problemAt(place, error.message.split('\n')[0] ?? '', 'Correct the YAML at this place.');
    }
    if (document.contents === null) continue;
    const tree = toNode(document.contents, context);
    nodesLeft = context.nodesLeft;
    if (tree.kind === 'scalar' && tree.value === null) continue;
    if (!isMap(tree)) throw problemAt(tree.place, 'the file is not a mapping', 'Begin with `services:`.');
    trees.push(tree);
  }
  return trees;
}

function placeOf(offset: number, { file, lines }: Context): Place {
  const { line, col } = lines.linePos(offset);
  return { file, line, column: col };
}

function toNode(node: YamlNode, context: Context): Node {
  const place = placeOf(node.range?.[0] ?? 0, context);
  context.nodesLeft -= 1;
  if (context.nodesLeft < 0) {
    throw problemAt(place, `more than ${nodeLimit} nodes`, 'Use fewer or simpler anchors and aliases.');
  }
  if (context.depth > depthLimit) throw problemAt(place, `nested deeper than ${depthLimit}`, 'Nest less deeply.');
  if (isAlias(node)) return toAliased(node.source, place, context);
  if ('anchor' in node && node.anchor) context.anchors.set(node.anchor, node);
  const mark = node.tag === '!reset' ? 'reset' : node.tag === '!override' ? 'override' : undefined;
  context.depth += 1;
  const plain = toUnmarked(node, place, context);
  context.depth -= 1;
  return mark ? { ...plain, mark } : plain;
}

function toUnmarked(node: YamlNode, place: Place, context: Context): Node {
  if (isYamlScalar(node)) return toScalarNode(node, place);
  if (isSeq(node)) {
    const items = node.items.map((item) => toNode(item as YamlNode, context));
    return { kind: 'list', items: items.filter((item) => item.mark !== 'reset'), place };
  }
  if (isYamlMap(node)) return toMapNode(node, place, context);
  throw problemAt(place, 'not understood', 'Correct the YAML at this place.');
}

function toAliased(name: string, place: Place, context: Context): Node {
  const target = context.anchors.get(name);
  if (!target) throw problemAt(place, `alias "${name}" has no anchor before it`, 'Add the anchor or remove the alias.');
  if (context.open.has(name)) throw problemAt(place, `anchor "${name}" holds itself`, 'Remove the alias.');
  context.open.add(name);
  try {
    return toNode(target, context);
  } finally {
    context.open.delete(name);
  }
}

function toScalarNode(node: Scalar, place: Place): Node {
  const source = node.source ?? '';
  const tag = node.tag?.replace('tag:yaml.org,2002:', '!!');
  if (tag === '!!str' || (node.type !== 'PLAIN' && node.type !== undefined && !tag)) {
    return { kind: 'scalar', value: source, place };
  }
  if (tag === '!!binary') return { kind: 'scalar', value: Buffer.from(source, 'base64').toString('utf8'), place };
  if (tag === '!!null') return { kind: 'scalar', value: null, place };
  return resolvePlain(source, place);
}

function toMapNode(node: YAMLMap, place: Place, context: Context): MapNode {
  const entries = new Map<string, Node>();
  const keyPlaces = new Map<string, Place>();
  const merged: MapNode[] = [];
  for (const pair of node.items as Pair<YamlNode, YamlNode | null>[]) {
    const key = toKey(pair.key, context);
    const keyPlace = placeOf(pair.key.range?.[0] ?? 0, context);
    const value = pair.value
      ? toNode(pair.value, context)
      : ({ kind: 'scalar', value: null, place: keyPlace } as const);
    if (key === '<<' && isPlain(pair.key)) {
      merged.push(...toMergeSources(value));
      continue;
    }
    entries.set(key, value);
    keyPlaces.set(key, keyPlace);
  }
  // What the map says itself wins, and of several merged maps the first.
  for (const source of merged) {
    for (const [key, value] of source.entries) {
      if (entries.has(key)) continue;
      entries.set(key, value);
      keyPlaces.set(key, source.keyPlaces?.get(key) ?? value.place);
    }
  }
  return { kind: 'map', entries, keyPlaces, place };
}

function toKey(key: YamlNode, context: Context): string {
  const place = placeOf(key.range?.[0] ?? 0, context);
  const node = isAlias(key)
    ? toAliased(key.source, place, context)
    : isYamlScalar(key)
      ? toScalarNode(key, place)
      : null;
  if (node?.kind === 'scalar' && typeof node.value === 'string') return node.value;
  throw problemAt(place, 'a key that is not a text', 'Put the key in quotes.');
}

function isPlain(key: YamlNode): boolean {
  return isYamlScalar(key) && key.type === 'PLAIN';
}

function toMergeSources(value: Node): MapNode[] {
  const sources = value.kind === 'list' ? value.items : [value];
  return sources.map((source) => {
    if (isMap(source)) return source;
    throw problemAt(source.place, '`<<` merges mappings only', 'Give an alias of a mapping, or a list of such.');
  });
}
