// What a schema cannot say about authentication: what must exist, what excludes what, what could never match.
import type { RouteDocument } from '../config/document.ts';
import type { DocumentPath } from '../config/loadConfig.ts';
import type { HeadersDocument } from '../headers/headersSection.ts';
import { canonicalisePath } from '../path/canonicalPath.ts';
import { isUnderPrefix, trimPrefix } from '../routes/pathPattern.ts';
import { algorithms } from './algorithms.ts';
import {
  type AuthDocument,
  type ClaimRuleDocument,
  findIdentityHeaders,
  PROVIDER,
  type ProviderDocument,
  type RouteAuthDocument,
  SCOPES,
  SUBJECT,
} from './authSection.ts';
import { createReservedFields, foldFieldName, isOursAlready } from './reservedFields.ts';

interface Fault {
  readonly path: DocumentPath;
  readonly message: string;
}

const SOURCES = ['jwksUrl', 'jwksFile', 'publicKeyFile', 'secretFile', 'secretEnv'] as const;
const FETCH_ONLY = ['refreshSeconds', 'staleSeconds', 'timeoutMs'] as const;

/** Of the section `auth`. */
export function findAuthFaults(document: AuthDocument = {}): Fault[] {
  const providers = Object.entries(document.providers ?? {}).flatMap(([name, provider]) =>
    [...findKeyFaults(provider), ...findTokenFaults(provider)].map((fault) => ({
      ...fault,
      path: ['auth', 'providers', name, ...fault.path],
    })),
  );
  return [...providers, ...findIdentityFaults(document)];
}

function findKeyFaults({ keys, algorithms: names }: ProviderDocument): Fault[] {
  const sources = SOURCES.filter((source) => keys[source] !== undefined);
  const [source] = sources;
  if (source === undefined || sources.length > 1)
    return [
      { path: ['keys'], message: `there are ${sources.length} sources of keys; give one of ${SOURCES.join(', ')}` },
    ];
  const faults: Fault[] = [];
  const secrets = names.filter((name) => algorithms[name].kind === 'hmac');
  const isSecret = source === 'secretFile' || source === 'secretEnv';
  if (isSecret && (secrets.length !== 1 || names.length !== 1))
    faults.push({
      path: ['algorithms'],
      message: 'a secret is bound to one algorithm; give one of HS256, HS384, HS512',
    });
  if (!isSecret && source !== 'jwksFile' && secrets.length > 0)
    faults.push({
      path: ['algorithms'],
      message: `${secrets.join(', ')} takes a secret, and the keys of ${source} are public: whoever reads them could sign; remove it`,
    });
  for (const name of FETCH_ONLY)
    if (source !== 'jwksUrl' && keys[name] !== undefined)
      faults.push({ path: ['keys', name], message: `"${name}" is for jwksUrl alone; remove it` });
  const urlFault = keys.jwksUrl === undefined ? undefined : findUrlFault(keys.jwksUrl);
  if (urlFault !== undefined) faults.push({ path: ['keys', 'jwksUrl'], message: urlFault });
  return faults;
}

function findUrlFault(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) return `"${text}" is not a URL; write it as https://name/path`;
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return `"${text}" has the scheme ${url.protocol.slice(0, -1)}; keys are fetched over http and https only`;
  if (url.username !== '' || url.password !== '')
    return `the URL at ${url.host} carries a name and password; remove them`;
  return url.hash === '' ? undefined : `"${text}" has a fragment; remove it`;
}

function findTokenFaults({ token }: ProviderDocument): Fault[] {
  if (!token) return [];
  const faults: Fault[] = [];
  if (token.bearer === false && token.header === undefined && !token.cookie)
    faults.push({ path: ['token'], message: 'a token may stand nowhere; give a header or a cookie, or allow bearer' });
  if (token.header !== undefined && ['authorization', 'cookie'].includes(token.header.toLowerCase()))
    faults.push({ path: ['token', 'header'], message: `for ${token.header} there is "bearer" and "cookie"` });
  token.cookie?.origins.forEach((origin, index) => {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      faults.push({
        path: ['token', 'cookie', 'origins', index],
        message: `"${origin}" is not an origin; write it as https://name, without a path`,
      });
  });
  return faults;
}

function findIdentityFaults({ identity }: AuthDocument): Fault[] {
  const faults: Fault[] = [];
  const seen = new Map<string, string>();
  for (const [header, claim] of Object.entries(identity?.headers ?? {})) {
    const path: DocumentPath = ['auth', 'identity', 'headers', header];
    const folded = foldFieldName(header.toLowerCase());
    const other = seen.get(folded);
    if (isOursAlready(folded))
      faults.push({ path, message: `the field ${header} has a meaning of its own; use another` });
    if (other !== undefined)
      faults.push({ path, message: `${header} and ${other} are one field to many servers; remove one` });
    seen.set(folded, header);
    if (typeof claim === 'string' && claim.startsWith('$') && ![SUBJECT, SCOPES, PROVIDER].includes(claim))
      faults.push({ path, message: `"${claim}" is not known; there are ${SUBJECT}, ${SCOPES} and ${PROVIDER}` });
  }
  const { signed } = identity ?? {};
  const given = [signed?.secretFile, signed?.secretEnv, signed?.privateKeyFile].filter((key) => key !== undefined);
  if (signed && given.length !== 1)
    faults.push({
      path: ['auth', 'identity', 'signed'],
      message: `there are ${given.length} keys; give one of secretFile, secretEnv, privateKeyFile`,
    });
  return faults;
}

/** Of `auth` of one route; paths are relative to the route. */
export function findRouteAuthFaults(route: RouteDocument, document: AuthDocument = {}): Fault[] {
  const { auth } = route;
  if (!auth) return [];
  if (route.redirect)
    return [{ path: ['auth'], message: `route "${route.id}" redirects, and everybody gets a redirect; remove auth` }];
  const faults: Fault[] = [];
  if (!Object.hasOwn(document.providers ?? {}, auth.provider)) {
    const known = Object.keys(document.providers ?? {}).join(', ') || 'none';
    const message = `route "${route.id}" names the provider "${auth.provider}", which is not under auth.providers; known are ${known}`;
    faults.push({ path: ['auth', 'provider'], message });
  }
  if (auth.required === false && (auth.scopes || auth.claims))
    faults.push({
      path: ['auth', 'required'],
      message: 'whoever lacks a scope or claim could leave the token out; require it, or remove scopes and claims',
    });
  auth.claims?.forEach((rule, index) => {
    const count = countTests(rule);
    if (count !== 1)
      faults.push({
        path: ['auth', 'claims', index],
        message: `a rule has one of equals, in, contains; this has ${count}`,
      });
  });
  return [...faults, ...findAnonymousFaults(route, auth)];
}

function countTests({ equals, in: values, contains }: ClaimRuleDocument): number {
  return [equals, values, contains].filter((test) => test !== undefined).length;
}

function findAnonymousFaults(route: RouteDocument, { anonymous }: RouteAuthDocument): Fault[] {
  return (anonymous?.paths ?? []).flatMap((path, index) => {
    const message = findAnonymousPathFault(route, path);
    return message === undefined ? [] : [{ path: ['auth', 'anonymous', 'paths', index], message }];
  });
}

/** A rule that no request can fit is a rule that somebody relies on in vain. */
function findAnonymousPathFault(route: RouteDocument, path: string): string | undefined {
  if (/[*{?#]/.test(path)) return `"${path}" is a pattern; write the path alone, everything below it is meant too`;
  const canonical = canonicalisePath(path);
  if (!canonical.ok) return `"${path}" is not a path that a request can have: ${canonical.detail}`;
  if (canonical.path !== path) return `"${path}" would never match; write it as "${canonical.path}"`;
  const given = findGivenPrefixes(route);
  if (!given) return undefined;
  const trimmed = trimPrefix(path);
  if (given.some((prefix) => isUnderPrefix(trimmed, prefix) || isUnderPrefix(prefix, trimmed))) return undefined;
  return `the upstream of "${route.id}" gets paths under ${given.join(' and ')}, so "${path}" would never match`;
}

/** Prefixes of the paths that the route's upstream gets; undefined where a template makes them. */
function findGivenPrefixes({ paths, rewrite }: RouteDocument): string[] | undefined {
  if (rewrite?.prefix !== undefined) return [trimPrefix(rewrite.prefix)];
  const given = paths.flatMap((path) => (typeof path === 'string' ? [path] : 'exact' in path ? [path.exact] : []));
  return rewrite || given.length < paths.length ? undefined : given.map((path) => trimPrefix(path ?? ''));
}

/** Of the header rules of a route or of the defaults: what says who a caller is cannot be said by a rule too. */
export function findIdentityRuleFaults(rules: HeadersDocument = {}, document: AuthDocument = {}): Fault[] {
  const isIdentity = createReservedFields(findIdentityHeaders(document).map(([name]) => name));
  const { set = {}, add = {}, remove = [] } = rules.request ?? {};
  const named: (readonly [name: string, path: DocumentPath])[] = [
    ...Object.keys(set).map((name) => [name, ['request', 'set', name]] as const),
    ...Object.keys(add).map((name) => [name, ['request', 'add', name]] as const),
    ...remove.map((name, index) => [name, ['request', 'remove', index]] as const),
  ];
  return named
    .filter(([name]) => isIdentity(name.toLowerCase()))
    .map(([name, path]) => ({
      path,
      message: `the gateway writes ${name} itself (auth.identity.headers); remove the rule`,
    }));
}
