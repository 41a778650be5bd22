// What differs between two configurations, in the operator's terms: routes and upstreams by name, everything else by path.
import type { GatewayConfig, Route, Upstream } from '../config/document.ts';
import { derivePseudonym } from '../headers/headersSection.ts';
import type { PathPattern } from '../routes/pathPattern.ts';
import { collectSecrets, maskData } from './secrets.ts';

export interface FieldChange {
  /** `timeouts.totalMs`; within a route or upstream, or of the whole document. */
  readonly path: string;
  /** undefined: was not there. Secrets are said to differ, not what they are. */
  readonly from: unknown;
  readonly to: unknown;
}

export interface ItemChange {
  readonly id: string;
  readonly fields: readonly FieldChange[];
}

export interface ItemsDiff {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly ItemChange[];
}

export interface ConfigDiff {
  readonly from: string;
  readonly to: string;
  readonly routes: ItemsDiff & { readonly reordered: boolean };
  readonly upstreams: ItemsDiff;
  readonly settings: readonly FieldChange[];
  /** What is only taken at a start; empty when everything takes effect at once. */
  readonly needsRestart: readonly string[];
}

/** Follows from the other fields. */
const DERIVED = new Set(['order', 'orderReason']);

export function diffConfigs(before: GatewayConfig, after: GatewayConfig): ConfigDiff {
  const { revision: from, routes: oldRoutes, upstreams: oldUpstreams, ...oldSettings } = before;
  const { revision: to, routes: newRoutes, upstreams: newUpstreams, ...newSettings } = after;
  const options = { secrets: new Set([...collectSecrets(before), ...collectSecrets(after)]) };
  const settings = diffValues(oldSettings, newSettings, options).filter(
    ({ path, from: old, to: now }) =>
      path !== 'forwarding.pseudonym' || old !== derivePseudonym(from) || now !== derivePseudonym(to),
  );
  const routes = diffItems(oldRoutes.map(toRouteItem), newRoutes.map(toRouteItem), options);
  return {
    from,
    to,
    routes: { ...routes, reordered: isReordered(oldRoutes, newRoutes) },
    upstreams: diffItems(oldUpstreams.map(toUpstreamItem), newUpstreams.map(toUpstreamItem), options),
    settings,
    needsRestart: settings.map(({ path }) => path).filter((path) => path.startsWith('listen')),
  };
}

export function isSame({ routes, upstreams, settings }: ConfigDiff): boolean {
  const items = [...routes.added, ...routes.removed, ...routes.changed, ...upstreams.added, ...upstreams.removed];
  return items.length + upstreams.changed.length + settings.length === 0 && !routes.reordered;
}

/** For a log or a terminal: `route search: timeouts.totalMs 60000 → 5000`. */
export function toLines({ routes, upstreams, settings }: ConfigDiff): string[] {
  const describe = (kind: string, { added, removed, changed }: ItemsDiff) => [
    ...added.map((id) => `${kind} ${id} added`),
    ...removed.map((id) => `${kind} ${id} removed`),
    ...changed.flatMap(({ id, fields }) => fields.map((field) => `${kind} ${id}: ${toLine(field)}`)),
  ];
  return [
    ...describe('upstream', upstreams),
    ...describe('route', routes),
    ...(routes.reordered ? ['routes are tried in another order'] : []),
    ...settings.map(toLine),
  ];
}

function toLine({ path, from, to }: FieldChange): string {
  return `${path} ${toText(from)} → ${toText(to)}`;
}

function toText(value: unknown): string {
  if (value === undefined) return '(none)';
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}

interface DiffOptions {
  readonly secrets: ReadonlySet<string>;
  readonly path?: readonly string[];
}

type Item = readonly [id: string, fields: object];

/** A route names its upstream; what that is made of is the upstream's own difference. */
function toRouteItem({ id, upstream, paths, ...fields }: Route): Item {
  return [id, { paths: paths.map(toWritten), ...fields, upstream: upstream.name }];
}

/** Of a single replica the address says it all. */
function toUpstreamItem({ name, endpoints, ...fields }: Upstream): Item {
  return [name, endpoints.length > 1 ? { ...fields, endpoints } : fields];
}

/** As in the document, where a path by itself is a prefix. */
function toWritten({ kind, path }: PathPattern): string | Record<string, string> {
  return kind === 'prefix' ? path : { [kind]: path };
}

function diffItems(before: readonly Item[], after: readonly Item[], options: DiffOptions): ItemsDiff {
  const old = new Map(before);
  const now = new Map(after);
  return {
    added: after.flatMap(([id]) => (old.has(id) ? [] : [id])),
    removed: before.flatMap(([id]) => (now.has(id) ? [] : [id])),
    changed: after.flatMap(([id, fields]) => {
      const known = old.get(id);
      const changes = known ? diffValues(known, fields, options) : [];
      return changes.length > 0 ? [{ id, fields: changes }] : [];
    }),
  };
}

/** Of the routes that are in both. */
function isReordered(before: readonly Route[], after: readonly Route[]): boolean {
  const old = new Set(before.map(({ id }) => id));
  const now = new Set(after.map(({ id }) => id));
  const left = before.filter(({ id }) => now.has(id));
  const right = after.filter(({ id }) => old.has(id));
  return left.some(({ id }, index) => right[index]?.id !== id);
}

function diffValues(before: unknown, after: unknown, { secrets, path = [] }: DiffOptions): FieldChange[] {
  if (isRecord(before) && isRecord(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys]
      .filter((key) => path.length > 0 || !DERIVED.has(key))
      .flatMap((key) => diffValues(before[key], after[key], { secrets, path: [...path, key] }));
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const name = path.at(-1) ?? '';
  return [{ path: path.join('.'), from: maskData(before, secrets, name), to: maskData(after, secrets, name) }];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
