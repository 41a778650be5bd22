// Options that several commands take, described once.
import { type Command, InvalidArgumentError, Option } from 'commander';

export const DEFAULT_PORT = 7788;

/** What commands that ask a running host take. */
export interface DataOptions {
  readonly json?: true;
  readonly environment?: string;
  readonly port?: number;
}

export interface ServeOptions {
  readonly port: number;
  readonly open: boolean;
  readonly engine: 'auto' | 'docker' | 'sandbox';
  readonly stack?: string;
  readonly readOnly?: true;
  readonly logLevel: string;
  readonly untilStdinEnds?: true;
  readonly secretsWithParent?: true;
}

export function addDataOptions(command: Command): Command {
  return command
    .option('--json', 'print JSON instead of a table')
    .option('--environment <id>', 'which environment, for example sandbox~shop-platform (default: the only one)')
    .addOption(hostPortOption());
}

export function hostPortOption(): Option {
  return new Option('--port <number>', 'which running host, by its port (default: the only one)').argParser(parsePort);
}

export function addServeOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--port <number>', 'port on 127.0.0.1; 0 takes any free one')
        .default(DEFAULT_PORT)
        .argParser(parsePort),
    )
    .option('--no-open', 'do not open the browser')
    .addOption(
      new Option('--engine <choice>', 'which engines to look at; nothing is started unasked')
        .choices(['auto', 'docker', 'sandbox'])
        .default('auto'),
    )
    .option('--stack <folder>', 'a folder with compose files to offer on the Start view')
    .option('--read-only', 'refuse everything that changes something (also GATEHOUSE_READONLY=1)')
    .addOption(
      new Option('--log-level <level>', 'what is logged to stderr')
        .choices(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
        .default('warn'),
    )
    .addOption(new Option('--until-stdin-ends', 'end when the starting program is gone').hideHelp())
    .addOption(new Option('--secrets-with-parent', 'the starting program keeps secrets').hideHelp());
}

/** A port of TCP; 0 included, since it means any. */
export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65535)) throw new InvalidArgumentError('a port is a number from 0 to 65535.');
  return port;
}

/** A header as curl takes it: `name: value`. */
export function collectHeader(text: string, previous: [string, string][]): [string, string][] {
  const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError("write a header as 'name: value'.");
  return [...previous, [name, value.trimEnd()]];
}

export function isReadOnly(options: { readOnly?: true }, environment: NodeJS.ProcessEnv = process.env): boolean {
  return options.readOnly === true || environment.GATEHOUSE_READONLY === '1';
}
