// The gateway as a program: what runs in the api_gateway container. It drains on SIGTERM and SIGINT.
import { readFileSync } from 'node:fs';
import { ConfigError } from '../config/configError.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { createGateway } from '../gateway.ts';
import { resolveBindAddress } from '../resolve/ports.ts';
import { createLog } from '../server/log.ts';
import { type ProgramArguments, parseProgramArguments, usage } from './arguments.ts';

const WRONG_USE = 2;

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
  const config = loadConfig(readFileSync(options.config, 'utf8'), options.config);
  if (options.check) {
    process.stdout.write(`${options.config}: fine, ${config.routes.length} routes, revision ${config.revision}\n`);
    return;
  }
  const log = createLog((line) => process.stdout.write(line));
  const gateway = createGateway(config, {
    hostsFile: options.hostsFile,
    log,
    ...(options.name === undefined ? {} : { name: options.name }),
  });
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) return;
    stopping = true;
    log.info('stopping', { signal });
    void gateway.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (options.adminSocket) await gateway.adminListen(options.adminSocket);
  await gateway.listen(options.listen ?? resolveBindAddress(config.listen, options.ports));
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
