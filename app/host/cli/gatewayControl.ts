// `gatehouse gateway drain` and `gateway limits`: replicas of upstreams and keys of limits, taken in hand.
import type { Command } from 'commander';
import { type GatewayLimits, gatewayLimitsSchema } from '../../contract/index.ts';
import {
  addGatewayChangeOptions,
  changeGateway,
  type GatewayChangeOptions,
  optionsOf,
  withGateway,
} from './gatewayChange.ts';
import { parseDuration } from './metrics.ts';
import { addDataOptions, type DataOptions } from './options.ts';
import { formatTable, print, printJson, printSchema } from './terminal.ts';

const USUAL_DRAIN_MS = 600_000;

interface DrainOptions extends GatewayChangeOptions {
  readonly for?: number;
  readonly back?: true;
}

export function registerGatewayControl(gateway: Command): void {
  addGatewayChangeOptions(gateway.command('drain').argument('<upstream>').argument('<replica>', 'host:port'))
    .description('send nothing new to a replica of an upstream for a while')
    .option('--for <duration>', 'for how long: 30s, 10m, 2h (default: 10m)', parseDuration)
    .option('--back', 'take it back now')
    .action((upstream: string, replica: string, _options: unknown, command: Command) =>
      runDrain({ upstream, replica }, optionsOf(command)),
    );
  const limits = addDataOptions(gateway.command('limits'))
    .description('limit policies, what they refused, and the keys that have used most')
    .option('--schema', 'print the JSON Schema of --json, and ask nobody')
    .action((_options: unknown, command: Command) => showLimits(optionsOf(command)));
  addGatewayChangeOptions(limits.command('reset').argument('<policy>').argument('<key>', 'as the list writes it'))
    .description('give a key a whole burst anew')
    .action((policy: string, key: string, _options: unknown, command: Command) => {
      const options = optionsOf<GatewayChangeOptions>(command);
      return changeGateway(options, ({ api, guarded }) => api.gateway.resetLimit.mutate({ ...guarded, policy, key }));
    });
}

function runDrain(name: { upstream: string; replica: string }, options: DrainOptions): Promise<void> {
  const forMs = options.back ? null : (options.for ?? USUAL_DRAIN_MS);
  return changeGateway(options, ({ api, guarded }) =>
    api.gateway.drain.mutate({ ...guarded, ...name, forMs, reason: options.reason ?? '' }),
  );
}

async function showLimits(options: DataOptions & { schema?: true }): Promise<void> {
  if (options.schema) return printSchema(gatewayLimitsSchema);
  const limits = await withGateway(options, ({ api, environment }) => api.gateway.limits.query({ environment }));
  if (options.json) printJson(limits);
  else print(formatLimits(limits));
}

/** Pure. One row a policy, then its keys. */
export function formatLimits({ policies, replicas }: GatewayLimits): string {
  const rows = policies.flatMap(({ name, by, rate, perSeconds, burst, refused, top }) => [
    [name, by.join(', '), `${rate} in ${perSeconds} s, burst ${burst}`, String(refused), '', ''],
    ...top.map(({ key, used, freeInMs }) => [
      '',
      '',
      '',
      '',
      key,
      `${used} of ${burst}, free in ${Math.ceil(freeInMs / 1000)} s`,
    ]),
  ]);
  const table = formatTable(['POLICY', 'BY', 'RATE', 'REFUSED', 'KEY', 'USED'], rows);
  return policies.length === 0 ? 'the configuration has no limits' : `${table}\n${replicas} replicas were asked`;
}
