// Path patterns as a tree of segments: a path, or another pattern, meets only the patterns that it has something in common
// with, however many others there are.
import { type PathPattern, toSegments } from './pathPattern.ts';

interface Node<T> {
  readonly texts: Map<string, Node<T>>;
  variable: Node<T> | null;
  /** Of patterns that end here and take everything below as well. */
  readonly prefixes: T[];
  /** Of patterns that end here: exact ones and templates. */
  readonly ends: T[];
}

type Segment = ReturnType<typeof toSegments>[number];

export class PatternTree<T> {
  private readonly root: Node<T> = createNode();

  add(pattern: PathPattern, value: T): void {
    let node = this.root;
    for (const segment of toSegments(pattern)) node = descend(node, segment);
    (pattern.kind === 'prefix' ? node.prefixes : node.ends).push(value);
  }

  /** Calls back with the values of all patterns that a canonical path fits, some at a time, in no order. */
  match(path: string, onFit: (values: readonly T[]) => void): void {
    walkPath(this.root, { path, onFit }, 0);
  }

  /** The values of all patterns that have a path in common with this one. */
  findOverlapping(pattern: PathPattern): T[] {
    const found: T[] = [];
    walkPattern(this.root, { segments: toSegments(pattern), isPrefix: pattern.kind === 'prefix', found }, 0);
    return found;
  }
}

function createNode<T>(): Node<T> {
  return { texts: new Map(), variable: null, prefixes: [], ends: [] };
}

function descend<T>(node: Node<T>, segment: Segment): Node<T> {
  if (segment === null) {
    node.variable ??= createNode();
    return node.variable;
  }
  const next = node.texts.get(segment) ?? createNode<T>();
  node.texts.set(segment, next);
  return next;
}

interface PathWalk<T> {
  readonly path: string;
  readonly onFit: (values: readonly T[]) => void;
}

/** `at` is where the slash before the next segment stands; the path's length when no segment is left. */
function walkPath<T>(node: Node<T>, walk: PathWalk<T>, at: number): void {
  const { path, onFit } = walk;
  if (node.prefixes.length > 0) onFit(node.prefixes);
  if (at >= path.length) {
    if (node.ends.length > 0) onFit(node.ends);
    return;
  }
  if (node.texts.size === 0 && node.variable === null) return;
  const slash = path.indexOf('/', at + 1);
  const end = slash < 0 ? path.length : slash;
  const segment = path.slice(at + 1, end);
  const next = node.texts.get(segment);
  if (next) walkPath(next, walk, end);
  if (node.variable && segment !== '') walkPath(node.variable, walk, end);
}

interface PatternWalk<T> {
  readonly segments: readonly Segment[];
  readonly isPrefix: boolean;
  readonly found: T[];
}

function walkPattern<T>(node: Node<T>, walk: PatternWalk<T>, depth: number): void {
  const { segments, isPrefix, found } = walk;
  if (depth === segments.length && isPrefix) return void collectBelow(node, found);
  found.push(...node.prefixes);
  if (depth === segments.length) return void found.push(...node.ends);
  const segment = segments[depth] ?? null;
  if (segment === null) {
    for (const [text, next] of node.texts) if (text !== '') walkPattern(next, walk, depth + 1);
  } else {
    const next = node.texts.get(segment);
    if (next) walkPattern(next, walk, depth + 1);
  }
  if (node.variable && segment !== '') walkPattern(node.variable, walk, depth + 1);
}

function collectBelow<T>(node: Node<T>, found: T[]): void {
  for (const value of node.prefixes) found.push(value);
  for (const value of node.ends) found.push(value);
  for (const next of node.texts.values()) collectBelow(next, found);
  if (node.variable) collectBelow(node.variable, found);
}
