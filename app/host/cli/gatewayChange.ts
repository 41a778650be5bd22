// What the commands that change a running gateway share: the host, the guard, and what came of it.
import type { Command } from 'commander';
import { type Environment, type GatewayChange, gatewayChangeSchema } from '../../contract/index.ts';
import { EXIT } from './exitCodes.ts';
import type { Api } from './hostConnection.ts';
import { addDataOptions, type DataOptions } from './options.ts';
import { print, printJson, printSchema, remark, toPlainText } from './terminal.ts';

export interface GatewayChangeOptions extends DataOptions {
  readonly confirm?: string;
  readonly unlock?: string;
  readonly reason?: string;
  readonly schema?: true;
}

/** The environment of one command, and what its guard has to be told. */
export interface GatewaySession {
  readonly api: Api;
  readonly environment: string;
  readonly guarded: { environment: string; confirm?: string };
}

export function addGatewayChangeOptions(command: Command): Command {
  return addDataOptions(command)
    .option('--confirm <project>', "the project's name, where the environment asks for it")
    .option('--unlock <reason>', 'lift the guard of the environment for this command; the reason is written down')
    .option('--reason <text>', 'why, for the history and the story of the breaker')
    .option('--schema', 'print the JSON Schema of --json, and ask nobody');
}

/** A subcommand shares its options with the command above, which takes them first. */
export function optionsOf<T>(command: Command): T {
  return command.optsWithGlobals<T & object>() as T;
}

export async function withGateway<T>(options: DataOptions, work: (session: GatewaySession) => Promise<T>): Promise<T> {
  const [{ getHost, withHost }, { getEnvironment }] = await Promise.all([
    import('./hostConnection.ts'),
    import('./environmentChoice.ts'),
  ]);
  const { confirm } = options as GatewayChangeOptions;
  return withHost(getHost(options.port), async (api) => {
    const environment = await getEnvironment(api, options.environment);
    return work({ api, environment, guarded: { environment, ...(confirm === undefined ? {} : { confirm }) } });
  });
}

/** Unlocked only where it is locked: another unlock, perhaps a longer one, is left as it is. */
export async function unlockWhereLocked(
  { api, environment }: GatewaySession,
  { unlock }: GatewayChangeOptions,
): Promise<void> {
  if (unlock === undefined) return;
  const { firstValue } = await import('./hostConnection.ts');
  const frame = await firstValue<Environment>(
    (observer) => api.environment.watch.subscribe({ environment }, observer),
    { accept: ({ engine }) => engine.state !== 'connecting' },
  );
  if (frame.guard === 'locked') await api.environment.unlock.mutate({ environment, reason: unlock, minutes: 1 });
}

/** Ends with 1 where it does not stand on every replica. */
export async function changeGateway(
  options: GatewayChangeOptions,
  work: (session: GatewaySession) => Promise<GatewayChange>,
): Promise<void> {
  if (options.schema) return printSchema(gatewayChangeSchema);
  const change = await withGateway(options, async (session) => {
    await unlockWhereLocked(session, options);
    return work(session);
  });
  if (options.json) printJson(change);
  else printChange(change);
  if (change.outcome !== 'applied') process.exitCode = EXIT.fault;
}

function printChange({ outcome, summary, replicas, problems, configProblems }: GatewayChange): void {
  print(toPlainText(summary));
  if (outcome === 'applied') return;
  for (const { gateway, state, detail } of replicas)
    print(toPlainText(`  ${gateway}: ${state}${detail && `, ${detail}`}`));
  for (const { line, column, where, message } of configProblems)
    remark(toPlainText(`x ${line === null ? '' : `${line}:${column ?? 1}: `}${where && `${where}: `}${message}`));
  for (const { message, remedy } of problems) remark(toPlainText(`x ${message} ${remedy}`));
}
