// The gateway as a program: what runs in the api_gateway container. It drains on SIGTERM and SIGINT, and reloads on SIGHUP.
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { ConfigError } from '../config/configError.ts';
import type { GatewayConfig } from '../config/document.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { configSchema } from '../config/schema.ts';
import { checkConfig } from '../exchange/revision.ts';
import { createGateway, type Gateway } from '../gateway.ts';
import { resolveBindAddress } from '../resolve/ports.ts';
import { createLog } from '../server/log.ts';
import { type ProgramArguments, parseProgramArguments, usage } from './arguments.ts';

const WRONG_USE = 2;
/**
 * A terminal sends Ctrl-C to every process in front of it, and those that started this one pass theirs on: one key
 * arrives two or three times.
 */
const SAME_SIGNAL_MS = 1_000;

async function runGateway(argv: readonly string[]): Promise<void> {
  if (argv.includes('--help')) return void process.stdout.write(usage);
  let options: ProgramArguments;
  try {
    options = parseProgramArguments(argv, process.env);
  } catch (error) {
    process.stderr.write(`${toMessage(error)}\n\n${usage}`);
    process.exitCode = WRONG_USE;
    return;
  }
  const { config: path } = options;
  if (options.schema || path === undefined)
    return void process.stdout.write(`${JSON.stringify(configSchema, null, 2)}\n`);
  const config = loadConfig(readFileSync(path, 'utf8'), path);
  if (options.check) {
    checkConfig(config, options.surroundings);
    process.stdout.write(`${path}: fine, ${config.routes.length} routes, revision ${config.revision}\n`);
  } else await serve(config, path, options);
}

async function serve(config: GatewayConfig, path: string, options: ProgramArguments): Promise<void> {
  const log = createLog((line) => process.stdout.write(line));
  const gateway = createGateway(config, {
    configFile: path,
    hostsFile: options.hostsFile,
    accessLogTo: options.accessLog,
    surroundings: options.surroundings,
    log,
    ...(options.name === undefined ? {} : { name: options.name }),
  });
  let stoppedAt: number | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    if (stoppedAt === undefined) {
      stoppedAt = performance.now();
      log.info('stopping', { signal });
      void gateway.close().then(() => process.exit(0));
    } else if (performance.now() - stoppedAt >= SAME_SIGNAL_MS) {
      log.warn('stopping at once', { signal });
      process.exit(128 + constants.signals[signal]);
    }
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGHUP', () => reload(gateway));
  if (options.adminSocket) await gateway.adminListen(options.adminSocket);
  await gateway.listen(options.listen ?? resolveBindAddress(config.listen, options.ports));
}

function reload(gateway: Gateway): void {
  gateway.reopenLogs();
  try {
    gateway.reload();
  } catch {
    // Told in the log, in the metrics and by the admin API; the one in force stays.
  }
}

/** Ends the process by itself; the exit codes are those of the usage. */
export function runGatewayProgram(argv: readonly string[]): void {
  runGateway(argv).catch((error: unknown) => {
    // A configuration's own message is a list of file:line:column; of anything else, name and reason suffice.
    process.stderr.write(error instanceof ConfigError ? `${error.message}\n` : `gateway: ${toMessage(error)}\n`);
    process.exit(1);
  });
}

function toMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
