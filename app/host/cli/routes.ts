// `gatehouse routes`: the route table in the order in which routes are tried.
import type { Command } from 'commander';
import type { RouteTable } from '../../contract/index.ts';
import { addSourceOptions, askGateway, type SourceOptions } from './gatewaySource.ts';
import { coloured, formatTable, print, printJson, toPlainText } from './terminal.ts';

export function registerRoutes(program: Command): void {
  addSourceOptions(
    program.command('routes').description('the route table, in the order in which routes are tried'),
  ).action(runRoutes);
}

async function runRoutes(options: SourceOptions): Promise<void> {
  const { answer: table, from } = await askGateway<RouteTable>(options, {
    async live(api, environment) {
      const { firstValue } = await import('./hostConnection.ts');
      return firstValue<RouteTable>((observer) => api.gateway.routes.subscribe({ environment }, observer));
    },
    async file({ config }) {
      const { buildRouteTable } = await import('../../../gateway-core/index.ts');
      return buildRouteTable(config);
    },
  });
  if (options.json) printJson(table);
  else printTable(table, from);
}

function toCondition(conditions: readonly string[] = []): string {
  return conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
}

function printTable(table: RouteTable, from: string): void {
  const rows = table.routes.map((route) => [
    String(route.order),
    route.id,
    [route.methods?.join(','), route.hosts?.join(','), route.paths.join(' '), toCondition(route.matchHeaders)]
      .filter(Boolean)
      .join(' '),
    route.redirect ? `redirect ${route.redirect.status}` : route.target,
    route.becomes ?? route.rewriteTo,
  ]);
  print(formatTable(['#', 'ROUTE', 'MATCHES', 'TARGET', 'BECOMES'], rows));
  print(
    coloured(
      'dim',
      `\n${table.routes.length} routes, revision ${toPlainText(table.revision)}, from ${toPlainText(from)}`,
    ),
  );
}
