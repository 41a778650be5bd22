// Where in a YAML document the cursor stands, from its lines alone: while one types, the document is mostly no YAML. Pure.

export interface YamlPlace {
  /** The keys that lead to the map in which it stands; 0 for whichever item of a list. */
  path: (string | 0)[];
  kind: 'key' | 'value';
  /** Whose value it is. */
  key: string | null;
  /** What is typed of it already, and where that begins. */
  typed: string;
  from: number;
}

const HEAD = /^( *)((?:- +)*)(-$)?/;
const KEY = /^("(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'#{[\]}&*!|>%@`,-][^:#{}[\],]*?)\s*:(?:\s+|$)/;

interface ReadLine {
  /** Columns of its dashes. */
  dashes: number[];
  /** Of what follows them. */
  column: number;
  key: string | null;
  /** What follows key and colon. */
  value: string;
  isEmpty: boolean;
}

function readLine(text: string): ReadLine {
  const [head = '', spaces = '', marks = '', lone = ''] = HEAD.exec(text) ?? [];
  const dashes = [...`${marks}${lone}`].flatMap((character, index) =>
    character === '-' ? [spaces.length + index] : [],
  );
  const rest = text.slice(head.length);
  const match = KEY.exec(rest);
  return {
    dashes,
    column: head.length,
    key: match ? unquote(match[1] ?? '') : null,
    value: match ? rest.slice(match[0].length) : rest,
    isEmpty: rest.trim() === '' ? dashes.length === 0 : rest.startsWith('#'),
  };
}

function unquote(key: string): string {
  return key.replace(/^(["'])(.*)\1$/, '$2');
}

/** null within comments and in braces, where lines say nothing of the structure. */
export function findYamlPlace(text: string, offset: number): YamlPlace | null {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(start, offset);
  if (/(?:^|\s)#/.test(before)) return null;
  const line = readLine(before);
  const path = findPath(text.slice(0, start).split('\n').slice(0, -1), line);
  if (line.key === null) {
    const typed = line.value;
    return /[{[\s:]/.test(typed) ? null : { path, kind: 'key', key: null, typed, from: offset - typed.length };
  }
  if (/[{[]/.test(line.value)) return findInFlow(line, path, offset);
  return { path, kind: 'value', key: line.key, typed: line.value, from: offset - line.value.length };
}

/** In a list in brackets on the line of its key, the values are those of the key's items. */
function findInFlow({ key, value }: ReadLine, path: YamlPlace['path'], offset: number): YamlPlace | null {
  const typed = /^\[(?:[^[\]{}]*,)?\s*([^,[\]{}]*)$/.exec(value)?.[1];
  return typed === undefined ? null : { path, kind: 'value', key, typed, from: offset - typed.length };
}

/** The path of the map that a line belongs to, from the lines above it. */
function findPath(above: readonly string[], line: ReadLine): YamlPlace['path'] {
  const path: YamlPlace['path'] = line.dashes.map(() => 0 as const);
  let column = line.dashes[0] ?? line.column;
  let isList = line.dashes.length > 0;
  for (let index = above.length - 1; index >= 0 && (column > 0 || isList); index--) {
    const other = readLine(above[index] ?? '');
    if (other.isEmpty) continue;
    // The key of a list may stand in the same column as its dashes.
    const isParent = other.column < column || (isList && other.column === column && other.dashes.length === 0);
    if (isParent && other.key !== null) path.unshift(other.key);
    else if (isParent) return path;
    const items = other.dashes.filter((dash) => dash < column);
    if (!isParent && items.length === 0) continue;
    path.unshift(...(isParent ? other.dashes : items).map(() => 0 as const));
    column = other.dashes[0] ?? other.column;
    isList = other.dashes.length > 0;
  }
  return path;
}

/** The key that stands at a place, with its path; null where none does. For what is shown when one points at it. */
export function findYamlKey(
  text: string,
  offset: number,
): { path: YamlPlace['path']; from: number; to: number } | null {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const next = text.indexOf('\n', start);
  const whole = text.slice(start, next < 0 ? text.length : next);
  const line = readLine(whole);
  if (line.key === null || line.isEmpty) return null;
  const from = start + line.column;
  const to = from + line.key.length;
  if (offset < from || offset > to) return null;
  const path = findPath(text.slice(0, start).split('\n').slice(0, -1), line);
  return { path: [...path, line.key], from, to };
}
