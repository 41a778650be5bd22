// What the commands about a stack take.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { hostPortOption } from './options.ts';

/** Where a stack runs: on an engine that a host knows, or on one that these settings of the docker command lead to. */
export type EngineChoice =
  | { readonly kind: 'auto' | 'docker' | 'sandbox' }
  | {
      readonly kind: 'settings';
      readonly settings: { readonly DOCKER_HOST?: string; readonly DOCKER_CONTEXT?: string };
    };

export interface StackOptions {
  readonly mode?: 'dev' | 'prod';
  readonly stack?: string;
  readonly engine: EngineChoice;
  readonly readOnly?: true;
  readonly json?: true;
  readonly port?: number;
}

/** What commands that change a stack take besides. */
export interface ChangeOptions extends StackOptions {
  readonly plan?: true;
  /** How often --yes was said. */
  readonly yes: number;
  readonly confirm?: string;
  readonly unlock?: string;
}

export function modeOption(): Option {
  return new Option('--mode <mode>', 'which files (default: those of what runs, else dev)').choices(['dev', 'prod']);
}

export function addStackOptions(command: Command): Command {
  return command
    .option('--stack <folder>', 'the folder with the compose files (default: the platform that Gatehouse ships)')
    .addOption(
      new Option('--engine <where>', 'auto, docker, sandbox, context:NAME, or an address: unix://, tcp://, ssh://')
        .argParser(parseEngineChoice)
        .default({ kind: 'auto' }, 'auto: where it runs, else where `docker ps` looks'),
    )
    .option('--read-only', 'refuse everything that changes something (also GATEHOUSE_READONLY=1)')
    .option('--json', 'print JSON')
    .addOption(hostPortOption());
}

export function addChangeOptions(command: Command): Command {
  return addStackOptions(command)
    .option('--plan', 'print what would be done, and do nothing')
    .option('-y, --yes', 'do not ask; twice for what removes data', (_, previous: number) => previous + 1, 0)
    .option('--confirm <project>', "the project's name, where the environment or what is done to data asks for it")
    .option('--unlock <reason>', 'lift the guard of the environment for this command; the reason is written down');
}

/** Throws InvalidArgumentError. */
export function parseEngineChoice(text: string): EngineChoice {
  if (text === 'auto' || text === 'docker' || text === 'sandbox') return { kind: text };
  if (/^context:./.test(text)) return { kind: 'settings', settings: { DOCKER_CONTEXT: text.slice('context:'.length) } };
  if (/^(unix|npipe|tcp|https?|ssh):\/\/./.test(text)) return { kind: 'settings', settings: { DOCKER_HOST: text } };
  throw new InvalidArgumentError(
    'write auto, docker, sandbox, context:NAME, unix://PATH, tcp://HOST:PORT or ssh://HOST.',
  );
}

const REPLICA_LIMIT = 100;

/** `service=N`. Throws InvalidArgumentError. */
export function collectReplicas(text: string, previous: Readonly<Record<string, number>> = {}): Record<string, number> {
  const [, service, count] = /^([^=]+)=(\d{1,3})$/.exec(text) ?? [];
  if (service === undefined || Number(count) > REPLICA_LIMIT)
    throw new InvalidArgumentError(`write SERVICE=N, N from 0 to ${REPLICA_LIMIT}.`);
  if (Object.hasOwn(previous, service)) throw new InvalidArgumentError(`${service} is named twice.`);
  // Not a plain assignment: a service may be called __proto__.
  return Object.fromEntries([...Object.entries(previous), [service, Number(count)]]);
}
