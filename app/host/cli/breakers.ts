// `gatehouse breakers`: one row an upstream; `breakers open|close|reset` takes one in hand.
import type { Command } from 'commander';
import type { Breaker } from '../../contract/index.ts';
import { addGatewayChangeOptions, changeGateway, type GatewayChangeOptions, optionsOf } from './gatewayChange.ts';
import { parseDuration } from './metrics.ts';
import { addDataOptions, type DataOptions } from './options.ts';
import { type Cell, formatTable, print, printJson } from './terminal.ts';

const STATE_CELLS: Record<Breaker['state'], Cell> = {
  open: { text: '■ open', style: 'red' },
  'half-open': { text: '▲ half-open', style: 'yellow' },
  closed: { text: '● closed', style: 'green' },
};
const BY_TROUBLE: readonly Breaker['state'][] = ['open', 'half-open', 'closed'];
const USUAL_HOLD_MS = 300_000;

interface HoldOptions extends GatewayChangeOptions {
  readonly for?: number;
  readonly replica?: string;
}

export function registerBreakers(program: Command): void {
  const breakers = addDataOptions(
    program.command('breakers').description('circuit breakers: state, window, next trial; open, close or reset one'),
  )
    .addHelpText(
      'after',
      `
Examples:
  gatehouse breakers open search --for 5m --reason 'bad build'   callers get 503 at once, for five minutes
  gatehouse breakers close search --for 1m                       requests pass whatever is seen meanwhile
  gatehouse breakers reset search                                ends either, and an opening of its own

What is held ends by itself. Exits with 1 where not every replica of the gateway took it; none has it then.`,
    )
    .action(runBreakers);
  const verb = (name: string, description: string) =>
    addGatewayChangeOptions(breakers.command(name).argument('<upstream>').description(description)).option(
      '--replica <host:port>',
      "the breaker of this replica of the upstream (default: the upstream's own)",
    );
  for (const [name, state] of [
    ['open', 'open'],
    ['close', 'closed'],
  ] as const)
    verb(name, `hold it ${state} for a while`)
      .option('--for <duration>', 'for how long: 30s, 5m, 2h (default: 5m)', parseDuration)
      .action((upstream: string, _options: unknown, command: Command) => hold(upstream, state, optionsOf(command)));
  verb('reset', 'end a hold or an opening, and forget what was seen').action(
    (upstream: string, _options: unknown, command: Command) => reset(upstream, optionsOf(command)),
  );
}

function toName(upstream: string, { replica, reason }: HoldOptions) {
  return { upstream, ...(replica === undefined ? {} : { replica }), ...(reason === undefined ? {} : { reason }) };
}

function hold(upstream: string, state: 'open' | 'closed', options: HoldOptions): Promise<void> {
  const forMs = options.for ?? USUAL_HOLD_MS;
  return changeGateway(options, ({ api, guarded }) =>
    api.gateway.forceBreaker.mutate({ ...guarded, ...toName(upstream, options), state, forMs }),
  );
}

function reset(upstream: string, options: HoldOptions): Promise<void> {
  return changeGateway(options, ({ api, guarded }) =>
    api.gateway.resetBreaker.mutate({ ...guarded, ...toName(upstream, options) }),
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
      toEnd(breaker, now),
      String(breaker.refused),
      breaker.transitions[0]?.reason ?? '',
    ]);
  return formatTable(['STATE', 'UPSTREAM', 'TARGET', 'FAILED', 'NEXT TRIAL', 'REFUSED', 'LAST CHANGE'], rows);
}

function toEnd({ forcedUntil = null, nextTrialAt }: Breaker, now: number): string {
  const seconds = (at: number) => `${Math.max(0, Math.ceil((at - now) / 1000))} s`;
  if (forcedUntil !== null) return `held for ${seconds(forcedUntil)}`;
  return nextTrialAt === null ? '' : `in ${seconds(nextTrialAt)}`;
}
