// `gatehouse breakers`: one row an upstream.
import type { Command } from 'commander';
import type { Breaker } from '../../contract/index.ts';
import { addDataOptions, type DataOptions } from './options.ts';
import { type Cell, formatTable, print, printJson } from './terminal.ts';

const STATE_CELLS: Record<Breaker['state'], Cell> = {
  open: { text: '■ open', style: 'red' },
  'half-open': { text: '▲ half-open', style: 'yellow' },
  closed: { text: '● closed', style: 'green' },
};
const BY_TROUBLE: readonly Breaker['state'][] = ['open', 'half-open', 'closed'];

export function registerBreakers(program: Command): void {
  addDataOptions(program.command('breakers').description('circuit breakers: state, window, next trial')).action(
    runBreakers,
  );
}

async function runBreakers(options: DataOptions): Promise<void> {
  const [{ firstValue, getHost, withHost }, { getEnvironment }] = await Promise.all([
    import('./hostConnection.ts'),
    import('./environmentChoice.ts'),
  ]);
  const breakers = await withHost(getHost(options.port), async (api) => {
    const environment = await getEnvironment(api, options.environment);
    return firstValue<Breaker[]>((observer) => api.gateway.breakers.subscribe({ environment }, observer));
  });
  if (options.json) printJson(breakers);
  else print(formatBreakers(breakers, Date.now()));
}

export function formatBreakers(breakers: readonly Breaker[], now: number): string {
  const rows = breakers
    .toSorted((a, b) => BY_TROUBLE.indexOf(a.state) - BY_TROUBLE.indexOf(b.state))
    .map((breaker) => [
      STATE_CELLS[breaker.state],
      breaker.upstream,
      breaker.target,
      `${breaker.window.failures} of ${breaker.window.requests}`,
      breaker.nextTrialAt === null ? '' : `in ${Math.max(0, Math.ceil((breaker.nextTrialAt - now) / 1000))} s`,
      String(breaker.refused),
      breaker.transitions[0]?.reason ?? '',
    ]);
  return formatTable(['STATE', 'UPSTREAM', 'TARGET', 'FAILED', 'NEXT TRIAL', 'REFUSED', 'LAST CHANGE'], rows);
}
