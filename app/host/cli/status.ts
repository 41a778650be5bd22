// `gatehouse status`: is it well, and if not, why?
import type { Command } from 'commander';
import {
  type Breaker,
  type Environment,
  type Level,
  type Service,
  sayEvidence,
  type Topology,
} from '../../contract/index.ts';
import { EXIT, type ExitCode } from './exitCodes.ts';
import type { Api } from './hostConnection.ts';
import { addDataOptions, type DataOptions } from './options.ts';
import { coloured, formatTable, levelCell, print, printJson, toPlainText } from './terminal.ts';

/** How long connections that are just being made may take before the state is told as it is. */
const SETTLE_MS = 4000;
const BY_TROUBLE: readonly Level[] = ['down', 'degraded', 'unknown', 'ok'];

interface Status {
  environment: Environment;
  services: Service[];
  /** null when no gateway can be asked. */
  breakers: Breaker[] | null;
}

export function registerStatus(program: Command): void {
  addDataOptions(program.command('status').description('the verdict, services by trouble and breakers'))
    .addHelpText(
      'after',
      '\nExits with 0 when the platform is well, 1 when it is degraded or down, 3 when that is unknown.',
    )
    .action(runStatus);
}

async function runStatus(options: DataOptions): Promise<void> {
  const [{ getHost, withHost }, { getEnvironment }] = await Promise.all([
    import('./hostConnection.ts'),
    import('./environmentChoice.ts'),
  ]);
  const status = await withHost(getHost(options.port), async (api) =>
    readStatus(api, await getEnvironment(api, options.environment)),
  );
  if (options.json) printJson(toStableJson(status));
  else printStatus(status);
  process.exitCode = exitCodeOfLevel(status.environment.verdict.level);
}

async function readStatus(api: Api, environment: string): Promise<Status> {
  const { firstValue } = await import('./hostConnection.ts');
  const input = { environment };
  const frame = await firstValue<Environment>((observer) => api.environment.watch.subscribe(input, observer), {
    accept: ({ engine, gateway }) => engine.state !== 'connecting' && gateway.state !== 'connecting',
    withinMs: SETTLE_MS,
  });
  const [topology, breakers] = await Promise.all([
    firstValue<Topology>((observer) => api.stack.topology.subscribe(input, observer)),
    frame.gateway.state === 'live'
      ? firstValue<Breaker[]>((observer) => api.gateway.breakers.subscribe(input, observer))
      : null,
  ]);
  const services = topology.services.toSorted(
    (a, b) => BY_TROUBLE.indexOf(a.level) - BY_TROUBLE.indexOf(b.level) || a.name.localeCompare(b.name),
  );
  return { environment: frame, services, breakers };
}

export function exitCodeOfLevel(level: Level): ExitCode {
  if (level === 'ok') return EXIT.fine;
  return level === 'unknown' ? EXIT.unreachable : EXIT.fault;
}

function toStableJson({ environment, services, breakers }: Status): unknown {
  return {
    environment: environment.id,
    verdict: environment.verdict,
    engine: environment.engine,
    gateway: environment.gateway,
    services: services.map(({ name, kind, level, statusText }) => ({ name, kind, level, statusText })),
    breakers:
      breakers?.map(({ upstream, target, state, since, nextTrialAt, refused }) => ({
        upstream,
        target,
        state,
        since,
        nextTrialAt,
        refused,
      })) ?? null,
  };
}

function printStatus({ environment, services, breakers }: Status): void {
  const { verdict } = environment;
  const { text, style } = levelCell(verdict.level);
  print(`${style ? coloured(style, text) : text}  ${coloured('bold', toPlainText(verdict.impact))}`);
  if (verdict.firstCause) print(toPlainText(verdict.firstCause.text));
  for (const sentence of sayEvidence(verdict.evidence)) print(toPlainText(sentence));
  print('');
  print(
    formatTable(
      ['LEVEL', 'SERVICE', 'KIND', 'STATUS'],
      services.map(({ level, name, kind, statusText }) => [levelCell(level), name, kind, statusText]),
    ),
  );
  print('');
  if (breakers === null) print('breakers: unknown, the gateway cannot be asked');
  else print(summariseBreakers(breakers));
}

export function summariseBreakers(breakers: readonly Breaker[]): string {
  const tripped = breakers.filter(({ state }) => state !== 'closed');
  if (tripped.length === 0) return `breakers: all ${breakers.length} closed`;
  const named = tripped.map(({ upstream, state }) => `${toPlainText(upstream)} ${state}`).join(', ');
  return `breakers: ${tripped.length} of ${breakers.length} tripped: ${named}`;
}
