// Where `routes` and `explain` look: the gateway of a running host's environment, else a configuration file.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { GatewayConfig } from '../../../gateway-core/index.ts';
import { PLATFORM_FOLDER } from '../programs.ts';
import { CommandError, EXIT } from './exitCodes.ts';
import type { Api } from './hostConnection.ts';
import { addDataOptions, type DataOptions } from './options.ts';

export interface SourceOptions extends DataOptions {
  readonly config?: string;
  readonly stack?: string;
}

export interface GatewayFile {
  readonly path: string;
  readonly config: GatewayConfig;
}

export interface GatewaySource<T> {
  readonly live: (api: Api, environment: string) => Promise<T>;
  readonly file: (file: GatewayFile) => Promise<T>;
}

const FILE_NAME = 'gateway.yaml';

export function addSourceOptions(command: Command): Command {
  return addDataOptions(command)
    .option('--config <file>', 'work on this gateway configuration, without a running host')
    .option('--stack <folder>', `work on the ${FILE_NAME} of this folder, without a running host`)
    .addHelpText(
      'after',
      '\nWithout --config and --stack the gateway of the running console is asked. Where none runs, the files are read:' +
        `\n${FILE_NAME} of the platform that Gatehouse ships.`,
    );
}

/** The answer, and where it comes from in words. */
export async function askGateway<T>(
  options: SourceOptions,
  source: GatewaySource<T>,
): Promise<{ answer: T; from: string }> {
  const live = options.config === undefined && options.stack === undefined ? await askLive(options, source) : undefined;
  if (live) return live;
  const path = findConfigFile(options);
  return { answer: await source.file({ path, config: await readConfig(path) }), from: path };
}

async function askLive<T>(
  { port, environment: named }: DataOptions,
  source: GatewaySource<T>,
): Promise<{ answer: T; from: string } | undefined> {
  const { findHost, withHost } = await import('./hostConnection.ts');
  const host = findHost(port);
  if (!host) {
    if (named === undefined) return undefined;
    throw new CommandError(
      EXIT.unreachable,
      `no Gatehouse runs that could know "${named}"; start one with \`gatehouse serve\``,
    );
  }
  const { findEnvironment } = await import('./environmentChoice.ts');
  return withHost(host, async (api) => {
    const environment = await findEnvironment(
      api,
      named,
      ({ hasGateway, containers }) => hasGateway && containers.running > 0,
    );
    return environment === undefined ? undefined : { answer: await source.live(api, environment), from: environment };
  });
}

/** The file that was named, the stack's, or the shipped platform's. */
export function findConfigFile({ config, stack }: SourceOptions): string {
  const path = config ?? join(stack ?? PLATFORM_FOLDER, FILE_NAME);
  if (existsSync(path)) return path;
  throw new CommandError(EXIT.wrongUse, `${path} is not there; name a gateway configuration with --config FILE`);
}

async function readConfig(path: string): Promise<GatewayConfig> {
  const { loadConfig } = await import('../../../gateway-core/index.ts');
  try {
    return loadConfig(readFileSync(path, 'utf8'), path);
  } catch (error) {
    // Its message holds a line `file:line:column: what is wrong` for each problem.
    throw new CommandError(EXIT.fault, error instanceof Error ? error.message : String(error), { cause: error });
  }
}
