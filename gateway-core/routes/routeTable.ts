// The routing table as an operator reads it: in order, each route as a sentence.
import { describeDemand } from '../auth/describeAuth.ts';
import type { GatewayConfig, Redirect, Route } from '../config/document.ts';
import type { HeaderRules } from '../headers/headersSection.ts';
import { stages } from '../stages/stages.ts';
import { toConditionText } from './headerCondition.ts';
import { listTargets, type Target } from './matchRoute.ts';
import { toPatternText } from './pathPattern.ts';

export interface RouteTable {
  revision: string;
  loadedAt: number;
  listener: string;
  stages: string[];
  routes: RouteRow[];
}

export interface RouteRow {
  id: string;
  order: number;
  /** `/ai/search/*` is a prefix, `/health` one path, `/users/{id}` a template. */
  paths: string[];
  methods: string[] | null;
  hosts: string[] | null;
  /** What it asks of header fields, in words. */
  matchHeaders: string[];
  /** null: it answers by itself, with a redirect. */
  upstream: string | null;
  /** The upstream's address, or where the redirect points. */
  target: string;
  rewriteTo: string;
  /** The path that the upstream gets, as a pattern; what a redirect's Location is. */
  becomes: string;
  redirect: { status: number; preserveQuery: boolean } | null;
  /** What becomes of header fields, in words; no values, since one may be a secret. */
  headerRules: string[];
  bodyLimitBytes: number | null;
  timeoutMs: number | null;
  sentence: string;
  orderReason: string;
}

/** `loadedAt` is the epoch ms at which the configuration came into force. */
export function buildRouteTable(config: GatewayConfig, loadedAt: number = Date.now()): RouteTable {
  const listener = `${config.listen.host}:${config.listen.port}`;
  return {
    revision: config.revision,
    loadedAt,
    listener,
    stages: stages.map((stage) => stage.name),
    routes: listTargets(config).map((target) =>
      'redirect' in target ? toRedirectRow(target, listener) : toRouteRow(target, listener),
    ),
  };
}

function toMatch(target: Target) {
  return {
    id: target.id,
    order: target.order,
    paths: target.paths.map(toPatternText),
    methods: target.methods && [...target.methods],
    hosts: target.hosts && [...target.hosts],
    matchHeaders: target.matchHeaders.map(toConditionText),
    orderReason: target.orderReason,
  };
}

/** `GET/POST /a/*, /b on x.example where x-version is 2`. */
function toMatchText({ methods, paths, hosts, matchHeaders }: ReturnType<typeof toMatch>): string {
  return [
    methods?.join('/'),
    paths.join(', '),
    hosts && `on ${hosts.join(', ')}`,
    matchHeaders.length > 0 && `where ${matchHeaders.join(' and ')}`,
  ]
    .filter(Boolean)
    .join(' ');
}

function toRouteRow(route: Route, listener: string): RouteRow {
  const match = toMatch(route);
  const { upstream, bodyLimitBytes } = route;
  const rewriteTo =
    route.rewriteTemplate ?? (route.rewritePrefix === null ? 'unchanged' : toDirectory(route.rewritePrefix));
  const becomes = route.rewritePrefix === null ? rewriteTo : `${rewriteTo}*`;
  const isKept = becomes === 'unchanged';
  return {
    ...match,
    upstream: upstream.name,
    target: upstream.origin,
    rewriteTo,
    becomes,
    redirect: null,
    headerRules: [
      ...toRuleTexts('the request', route.headers.request),
      ...toRuleTexts('the answer', route.headers.response),
    ],
    bodyLimitBytes,
    timeoutMs: route.timeouts.totalMs,
    sentence: [
      listener,
      toMatchText(match),
      ...(route.auth ? [describeDemand(route.auth)] : []),
      `body ≤ ${toSize(bodyLimitBytes)}, breaker ${upstream.name}`,
      `${upstream.origin}${isKept ? ' (path unchanged)' : becomes}`,
    ].join(' → '),
  };
}

function toRedirectRow(target: Redirect, listener: string): RouteRow {
  const match = toMatch(target);
  const { status, origin, path, keepRest, preserveQuery } = target.redirect;
  const becomes = origin + (keepRest ? `${toDirectory(path)}*` : path);
  return {
    ...match,
    upstream: null,
    target: becomes,
    rewriteTo: becomes,
    becomes,
    redirect: { status, preserveQuery },
    headerRules: [],
    bodyLimitBytes: null,
    timeoutMs: null,
    sentence: [
      listener,
      toMatchText(match),
      `${status} to ${becomes}${preserveQuery ? ', the query kept' : ', the query dropped'}`,
    ].join(' → '),
  };
}

function toRuleTexts(whose: string, { drop, put }: HeaderRules): string[] {
  const set = put.filter(([name]) => drop.includes(name.toLowerCase())).map(([name]) => name);
  const added = put.filter(([name]) => !drop.includes(name.toLowerCase())).map(([name]) => name);
  const removed = drop.filter((name) => !set.some((other) => other.toLowerCase() === name));
  const say = (verb: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`${whose} ${verb} ${names.join(', ')}`];
  return [...say('loses', removed), ...say('gets as the only', set), ...say('also gets', added)];
}

function toDirectory(prefix: string): string {
  return prefix === '/' ? '/' : `${prefix}/`;
}

function toSize(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${Number(value.toFixed(1))} ${units[unit]}`;
}
