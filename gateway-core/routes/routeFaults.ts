// What a JSON Schema cannot say about the routes of a document: paths that no request can have, variables that nobody
// fills, redirects that lead to themselves.

import { isReservedHeader } from '../headers/reservedHeaders.ts';
import { canonicalisePath } from '../path/canonicalPath.ts';
import { fillTemplate, findVariable, findVariables, isPatternMatch, type PathPattern } from './pathPattern.ts';
import { isReservedPath } from './reservedPaths.ts';
import { findOrderFaults } from './routeOrder.ts';
import { type RouteMatchDocument, splitRedirect, toOrderable, toPattern } from './routesSection.ts';

interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

interface Document {
  readonly routes: readonly RouteMatchDocument[];
  readonly upstreams: Readonly<Record<string, unknown>>;
}

/** Faults of each route by itself, in the order of the document. */
export function findRouteFaults(document: Document): Fault[] {
  return document.routes.flatMap((route, index) => {
    const at = (...rest: (string | number)[]) => ['routes', index, ...rest];
    const first = document.routes.findIndex((other) => other.id === route.id);
    const faults: Fault[] = [];
    if (first < index)
      faults.push({ path: at('id'), message: `the id "${route.id}" is taken by routes[${first}]; ids are unique` });
    const own = [
      ...findTargetFaults(document, route),
      ...findPathFaults(route),
      ...findConditionFaults(route),
      ...findRewriteFaults(route),
      ...findRedirectFaults(route),
    ];
    return [...faults, ...own.map(({ path, message }) => ({ path: at(...path), message }))];
  });
}

/** Faults of the order in which the routes are tried. Takes routes that are right by themselves. */
export function findRouteOrderFaults(routes: readonly RouteMatchDocument[]): Fault[] {
  return findOrderFaults(routes.map(toOrderable));
}

function findTargetFaults({ upstreams }: Document, route: RouteMatchDocument): Fault[] {
  const { id, upstream, redirect, rewrite } = route;
  if (upstream === undefined)
    return redirect
      ? rewrite
        ? [
            {
              path: ['rewrite'],
              message: `route "${id}" redirects, so nothing is rewritten; put the path in redirect.to`,
            },
          ]
        : []
      : [{ path: [], message: 'the key "upstream" is missing; add it, or "redirect" to answer without one' }];
  if (redirect)
    return [{ path: ['redirect'], message: `route "${id}" has an upstream and a redirect; remove one of the two` }];
  if (Object.hasOwn(upstreams, upstream)) return [];
  const known = Object.keys(upstreams).join(', ');
  return [
    {
      path: ['upstream'],
      message: `route "${id}" names the upstream "${upstream}", which is not under upstreams; known are ${known}`,
    },
  ];
}

function findPathFaults({ paths }: RouteMatchDocument): Fault[] {
  return paths.flatMap((document, index) => {
    const pattern = toPattern(document);
    const key = typeof document === 'string' ? [] : [pattern.kind];
    const written = typeof document === 'string' ? document : pattern.path;
    const message = findPatternFault(pattern, written) ?? findReservedFault(pattern, written);
    return message === undefined ? [] : [{ path: ['paths', index, ...key], message }];
  });
}

function findPatternFault({ kind }: PathPattern, written: string): string | undefined {
  if (kind === 'template') return findTemplateFault(written);
  if (/[*{}?#]/.test(written))
    return kind === 'exact'
      ? `"${written}" is a pattern; an exact path has none, and a path with variables is written { template: "…" }`
      : `"${written}" is a pattern; write the prefix alone, everything below it matches, or a path with variables as { template: "…" }`;
  return findPathFault(written);
}

/** Requests are matched in canonical form, so a path in any other form could never match. */
function findPathFault(written: string): string | undefined {
  const canonical = canonicalisePath(written);
  if (!canonical.ok) return `"${written}" is not a path that a request can have: ${canonical.detail}`;
  if (canonical.path !== written) return `"${written}" would never match; write it as "${canonical.path}"`;
  return undefined;
}

function findTemplateFault(written: string): string | undefined {
  const broken = written.split('/').find((segment) => /[{}*]/.test(segment) && findVariable(segment) === undefined);
  if (broken !== undefined)
    return `"${written}" has the segment "${broken}"; a variable is a whole segment, for example {id}`;
  const variables = findVariables(written);
  const twice = variables.find((variable, index) => variables.indexOf(variable) < index);
  if (twice !== undefined) return `"${written}" has the variable {${twice}} twice; give each its own name`;
  if (variables.length === 0) return `"${written}" has no variable; write it as { exact: "${written}" }`;
  return findPathFault(fill(written)) === undefined
    ? undefined
    : `"${written}" is not canonical: ${findPathFault(fill(written))}`;
}

/** With `x` for each variable. */
function fill(template: string): string {
  return fillTemplate(template, Object.fromEntries(findVariables(template).map((variable) => [variable, 'x'])));
}

function findReservedFault({ kind }: PathPattern, written: string): string | undefined {
  return kind !== 'template' && isReservedPath(written)
    ? `"${written}" is answered by the gateway itself; use another`
    : undefined;
}

function findConditionFaults({ matchHeaders = {} }: RouteMatchDocument): Fault[] {
  return Object.keys(matchHeaders).flatMap((header) => {
    const lower = header.toLowerCase();
    const path = ['matchHeaders', header];
    if (lower === 'host') return [{ path, message: 'the host is matched by hosts; name it there' }];
    if (isReservedHeader(lower))
      return [
        { path, message: `the field "${header}" is the gateway's own to write or to read; no route can ask for it` },
      ];
    const other = Object.keys(matchHeaders).find((name) => name.toLowerCase() === lower);
    return other === header ? [] : [{ path, message: `"${header}" and "${other}" are the same field; remove one` }];
  });
}

function findRewriteFaults({ paths, rewrite }: RouteMatchDocument): Fault[] {
  if (rewrite?.prefix !== undefined) {
    const message = findPatternFault({ kind: 'prefix', path: rewrite.prefix }, rewrite.prefix);
    if (message !== undefined) return [{ path: ['rewrite', 'prefix'], message }];
    return paths.every((document) => toPattern(document).kind === 'prefix')
      ? []
      : [
          {
            path: ['rewrite', 'prefix'],
            message: 'an exact path or template has no prefix to replace; use rewrite.path',
          },
        ];
  }
  if (rewrite?.path === undefined) return [];
  const message = findFilledFault(rewrite.path, paths.map(toPattern));
  return message === undefined ? [] : [{ path: ['rewrite', 'path'], message }];
}

/** A path that is built of variables needs every one of them from every path that may match. */
function findFilledFault(written: string, patterns: readonly PathPattern[]): string | undefined {
  const variables = findVariables(written);
  const fault =
    variables.length > 0 ? findTemplateFault(written) : findPatternFault({ kind: 'exact', path: written }, written);
  if (fault !== undefined) return fault;
  for (const { kind, path } of patterns) {
    const given = kind === 'template' ? findVariables(path) : [];
    const missing = variables.find((variable) => !given.includes(variable));
    if (missing !== undefined)
      return `"${written}" uses {${missing}}, which the path "${path}" does not have; give such paths a route of their own`;
  }
  return undefined;
}

function findRedirectFaults({ paths, redirect }: RouteMatchDocument): Fault[] {
  if (!redirect) return [];
  const at = ['redirect', 'to'];
  const patterns = paths.map(toPattern);
  const { origin, path } = splitRedirect(redirect.to);
  if (origin !== '' && findOriginFault(origin) !== undefined)
    return [{ path: at, message: `"${redirect.to}" ${findOriginFault(origin)}` }];
  const message = findFilledFault(path, patterns);
  if (message !== undefined) return [{ path: at, message }];
  if (redirect.keepRest && !patterns.every(({ kind }) => kind === 'prefix'))
    return [
      {
        path: ['redirect', 'keepRest'],
        message: 'an exact path or template has no rest to keep; use variables in redirect.to',
      },
    ];
  if (redirect.keepRest && findVariables(path).length > 0)
    return [
      { path: at, message: `"${redirect.to}" has variables, which prefixes do not give; remove them or keepRest` },
    ];
  const own = patterns.find((pattern) => isPatternMatch(pattern, fill(path)));
  if (origin === '' && own !== undefined)
    return [
      {
        path: at,
        message: `"${redirect.to}" is itself matched by "${own.path}", so a client would go round in circles; choose another path`,
      },
    ];
  return [];
}

/** Why an origin cannot be written into a Location as it is; the words follow the whole target. */
function findOriginFault(origin: string): string | undefined {
  if (!URL.canParse(origin) || /[{}]/.test(origin)) return 'is not a URL; write it as https://name/path';
  const url = new URL(origin);
  if (url.username !== '' || url.password !== '') return 'carries a name and password; remove them';
  if (url.origin !== origin) return `is not in canonical form; its beginning is written ${url.origin}`;
  return undefined;
}
