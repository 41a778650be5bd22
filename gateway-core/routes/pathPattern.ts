// The three forms in which a route names paths, and how two of them stand to each other. Regular expressions are not
// offered: whether two of them overlap cannot be told, so neither could the order, a conflict, or what a path costs.

export type PathPattern =
  /** The path and everything below it, by whole segments; without a trailing slash, `/` is everything. */
  | { readonly kind: 'prefix'; readonly path: string }
  /** This one path. */
  | { readonly kind: 'exact'; readonly path: string }
  /** `/users/{id}/orders`: each variable stands for one whole segment that is not empty. */
  | { readonly kind: 'template'; readonly path: string };

/** A variable is null: what it is called makes no difference to what it matches. */
type Segment = string | null;

const VARIABLE = /^\{([A-Za-z_][A-Za-z0-9_]{0,31})\}$/;

/** `/ai/search/` and `/ai/search` are the same prefix. */
export function trimPrefix(prefix: string): string {
  return prefix.length > 1 && prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
}

/** A prefix matches whole segments only: `/ai/search` is not a prefix of `/ai/searches`. */
export function isUnderPrefix(path: string, prefix: string): boolean {
  if (prefix === '/' || path === prefix) return true;
  return path.startsWith(prefix) && path[prefix.length] === '/';
}

/** The name in `{name}`; undefined when the segment is text. */
export function findVariable(segment: string): string | undefined {
  return segment.startsWith('{') ? VARIABLE.exec(segment)?.[1] : undefined;
}

export function findVariables(template: string): string[] {
  return template.split('/').flatMap((segment) => findVariable(segment) ?? []);
}

/** Whether a canonical path fits. The index of the routes decides the same way, without asking each pattern. */
export function isPatternMatch({ kind, path: own }: PathPattern, path: string): boolean {
  if (kind === 'prefix') return isUnderPrefix(path, own);
  if (kind === 'exact') return path === own;
  return readVariables(own, path) !== undefined;
}

/** What the variables of a template stand for in a path, as the path spells it; undefined when it does not fit. */
export function readVariables(template: string, path: string): Readonly<Record<string, string>> | undefined {
  const expected = template.split('/');
  const segments = path.split('/');
  if (expected.length !== segments.length) return undefined;
  const variables: Record<string, string> = {};
  for (let index = 0; index < expected.length; index++) {
    const wanted = expected[index] ?? '';
    const given = segments[index] ?? '';
    const name = findVariable(wanted);
    if (name === undefined ? wanted !== given : given === '') return undefined;
    if (name !== undefined) variables[name] = given;
  }
  return variables;
}

/** The template with each variable's value in its place. Takes values for every one of them. */
export function fillTemplate(template: string, variables: Readonly<Record<string, string>>): string {
  return template
    .split('/')
    .map((segment) => {
      const name = findVariable(segment);
      return name === undefined ? segment : (variables[name] ?? '');
    })
    .join('/');
}

/** The segments that a path has to begin with (prefix) or to consist of. */
export function toSegments({ kind, path }: PathPattern): Segment[] {
  if (kind === 'prefix' && path === '/') return [];
  const segments = path.split('/').slice(1);
  return kind === 'template'
    ? segments.map((segment) => (findVariable(segment) === undefined ? segment : null))
    : segments;
}

/** As an operator reads it: `/ai/search/*`, `/health`, `/users/{id}/orders`. */
export function toPatternText({ kind, path }: PathPattern): string {
  if (kind !== 'prefix') return path;
  return path === '/' ? '/*' : `${path}/*`;
}

const RANK = { exact: 0, template: 1, prefix: 2 } as const;

/** How two patterns stand to each other. */
export type PatternRelation =
  /** No path fits both. */
  | { readonly kind: 'apart' }
  /** The same paths fit both. */
  | { readonly kind: 'same' }
  /** Some path fits both, and the first one goes first; `why` follows "before the route: ". */
  | { readonly kind: 'before'; readonly why: string }
  | { readonly kind: 'after' };

export interface KnownPattern {
  readonly pattern: PathPattern;
  readonly segments: readonly Segment[];
}

/**
 * Exact before template before prefix; of two prefixes the one with more segments; of two templates the one that has
 * text where the other has its first variable.
 */
export function relatePatterns(a: KnownPattern, b: KnownPattern): PatternRelation {
  if (!doOverlap(a, b)) return { kind: 'apart' };
  const difference = comparePatterns(a, b);
  if (difference === 0) return { kind: 'same' };
  return difference > 0 ? { kind: 'after' } : { kind: 'before', why: describeBefore(a.pattern, b.pattern) };
}

/** The order that relatePatterns keeps, of any two patterns. Below zero: `a` goes first. */
function comparePatterns(a: KnownPattern, b: KnownPattern): number {
  const byKind = RANK[a.pattern.kind] - RANK[b.pattern.kind] || b.segments.length - a.segments.length;
  if (byKind !== 0) return byKind;
  for (let index = 0; index < a.segments.length; index++)
    if ((a.segments[index] === null) !== (b.segments[index] === null)) return a.segments[index] === null ? 1 : -1;
  return 0;
}

/** The most specific first: of the paths of one route, the first that fits is the one that counts. */
export function sortPatterns(patterns: readonly PathPattern[]): PathPattern[] {
  return patterns
    .map((pattern) => ({ pattern, segments: toSegments(pattern) }))
    .toSorted(comparePatterns)
    .map(({ pattern }) => pattern);
}

function doOverlap(a: KnownPattern, b: KnownPattern): boolean {
  const [short, long] = a.segments.length <= b.segments.length ? [a, b] : [b, a];
  if (short.segments.length < long.segments.length && short.pattern.kind !== 'prefix') return false;
  return short.segments.every((segment, index) => {
    const other = long.segments[index] ?? null;
    if (segment === null || other === null) return segment !== '' && other !== '';
    return segment === other;
  });
}

function describeBefore(a: PathPattern, b: PathPattern): string {
  if (a.kind !== 'template' && b.kind === 'prefix')
    return a.path === b.path ? `its ${a.path} is this path alone` : `its ${a.path} lies under ${b.path}`;
  if (a.kind === 'exact') return `its ${a.path} is one path of ${b.path}`;
  if (b.kind === 'prefix') return `its template ${a.path} comes before the prefix ${b.path}`;
  return `its ${a.path} has text where ${b.path} has a variable`;
}
