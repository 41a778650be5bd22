import { ok, type Route, type Service } from '../kit/routes.ts';

/** The AI services are alike but for their name, their port and what they answer. */
export function createAiService(name: string, port: number, routes: Route[]): Service {
  const health: Route = { method: 'GET', path: '/health', handle: () => ok({ status: 'ok', service: name }) };
  return { name, port, healthPath: '/health', routes: [health, ...routes] };
}
