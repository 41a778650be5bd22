// The engine's paths as a table. `:id` is one segment; `:name+` is one or more, since image names carry slashes.
import { EngineError } from './engineError.ts';
import type { EngineRequest, Reply } from './reply.ts';

export interface EngineRoute {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  handle(request: EngineRequest): Reply | Promise<Reply>;
}

interface CompiledRoute extends EngineRoute {
  pattern: RegExp;
}

export interface RouteTable {
  find(method: string, path: string): { route: EngineRoute; params: Record<string, string> } | undefined;
}

export function createRouteTable(routes: readonly EngineRoute[]): RouteTable {
  const compiled: CompiledRoute[] = routes.map((route) => ({ ...route, pattern: compile(route.path) }));
  return {
    find(method, path) {
      const wanted = method === 'HEAD' ? 'GET' : method;
      for (const route of compiled) {
        const match = route.method === wanted ? route.pattern.exec(path) : null;
        if (match !== null) return { route, params: decode(match.groups ?? {}) };
      }
      return undefined;
    },
  };
}

const OLDEST_MINOR = 24;

/** The path without its `/v1.47`. Any version from 1.24 on is spoken alike; an older one is refused, as Docker does. */
export function stripVersion(path: string): string {
  const match = /^\/v(\d{1,3})\.(\d{1,3})(?=\/)/.exec(path);
  if (match === null) return path;
  const [prefix, major, minor] = match;
  if (Number(major) !== 1 || Number(minor) < OLDEST_MINOR) {
    throw new EngineError(
      400,
      `client version ${major}.${minor} is too old. Minimum supported API version is 1.${OLDEST_MINOR}`,
    );
  }
  return path.slice(prefix.length);
}

function compile(path: string): RegExp {
  const source = path.replace(/[.]/g, '\\.').replace(/:(\w+)(\+?)/g, (_, name: string, many: string) => {
    return many === '+' ? `(?<${name}>.+)` : `(?<${name}>[^/]+)`;
  });
  return new RegExp(`^${source}$`);
}

function decode(groups: Record<string, string>): Record<string, string> {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    throw new EngineError(400, 'the path is not valid percent-encoding');
  }
}
