import { ok, type Route, type Service } from '../kit/routes.ts';

/** A store that the service answers without while it is away. */
export interface Leaned {
  readonly name: string;
  readonly isAway: boolean;
}

export interface AiServiceParts {
  routes: readonly Route[];
  /** Which stores are behind it, for `GET /`. */
  describe: Readonly<Record<string, string>>;
  leansOn?: readonly Leaned[];
  close?(): void | Promise<void>;
}

/** The AI services are alike but for their name, their port and what they answer. */
export function createAiService(name: string, port: number, parts: AiServiceParts): Service {
  const { routes, describe, leansOn = [], close } = parts;
  const health: Route = {
    method: 'GET',
    path: '/health',
    // It answers without its stores, so it is healthy without them.
    handle: () => ok({ status: 'ok', service: name, degraded: findDegraded(leansOn) }),
  };
  return { name, port, healthPath: '/health', routes: [health, ...routes], describe, ...(close ? { close } : {}) };
}

/** The names of the stores that are away, as every answer that would use them says it. */
export function findDegraded(leansOn: readonly Leaned[]): string[] {
  return leansOn.filter((store) => store.isAway).map(({ name }) => name);
}
