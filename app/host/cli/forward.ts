// `gatehouse forward SERVICE:PORT [LOCAL]`: a port of a service on the loopback of this machine, until Ctrl-C.
import { type Command, InvalidArgumentError } from 'commander';
import { type Forward, type ForwardWay, forwardSchema, type HelperConsent } from '../../contract/index.ts';
import { CommandError, EXIT } from './exitCodes.ts';
import { parsePort } from './options.ts';
import { countRequests, onEndSignals } from './signals.ts';
import { addStackOptions, type StackOptions } from './stackOptions.ts';
import { inStack, type StackSession } from './stackSession.ts';
import { print, printSchema, remark, toJson, toPlainText } from './terminal.ts';
import { unlockWhereLocked } from './unlock.ts';

interface ForwardOptions extends StackOptions {
  readonly idle: number;
  readonly allowHost: readonly string[];
  readonly helper?: string;
  readonly network?: string;
  readonly confirm?: string;
  readonly unlock?: string;
  readonly schema?: true;
}

export interface PortOfService {
  readonly service: string;
  readonly port: number;
}

export function registerForward(program: Command): void {
  addStackOptions(
    program
      .command('forward')
      .description('a port of a service on the loopback of this machine, published or not; Ctrl-C closes it')
      .argument('[service:port]', 'for example rabbitmq:15672')
      .argument('[local]', 'the port here (default: the same number where it is free, else any)', parseLocalPort)
      .option('--idle <minutes>', 'close it when nobody was connected for so long', parseMinutes, 30)
      .option('--allow-host <name>', 'let HTTP pass that is addressed to this name (repeatable)', collectHost, [])
      .option('--helper <image>', 'where no container can carry it: start one from this image, which is never pulled')
      .option('--network <name>', 'with --helper: on which network of the service (default: its first)')
      .option('--confirm <project>', "the project's name, where the environment asks for it")
      .option('--unlock <reason>', 'lift the guard of the environment for the opening; the reason is written down')
      .option('--schema', 'print the JSON Schema of --json, and ask nobody'),
  )
    .addHelpText(
      'after',
      `
It listens on 127.0.0.1 and ::1 alone. Whoever is logged in to this machine can connect; a web page cannot, unless the
service lets it. With --json one line is printed when it is open, and one at each change.

Exits with 2 when the local port is taken, 3 when the port of the service cannot be reached.

Examples:
  gatehouse forward rabbitmq:15672                 RabbitMQ's console at http://127.0.0.1:15672
  gatehouse forward postgres:5432 15432            psql -h 127.0.0.1 -p 15432
  gatehouse forward grafana:3000 --mode prod --unlock 'look at last night'`,
    )
    .action(runForward);
}

/** `service:port`. Throws CommandError. */
export function parsePortOfService(text: string | undefined): PortOfService {
  const [, service, digits] = /^([^:\s]{1,256}):(\d{1,5})$/.exec(text ?? '') ?? [];
  const port = Number(digits);
  if (service !== undefined && port >= 1 && port <= 65_535) return { service, port };
  const given = text === undefined ? '' : `${JSON.stringify(text.slice(0, 100))} is no port of a service; `;
  throw new CommandError(EXIT.wrongUse, `${given}write SERVICE:PORT, for example rabbitmq:15672`);
}

function parseLocalPort(text: string): number {
  const port = parsePort(text);
  if (port === 0) throw new InvalidArgumentError('name a port, or none for any.');
  return port;
}

function parseMinutes(text: string): number {
  const minutes = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (minutes < 1 || minutes > 720) throw new InvalidArgumentError('give minutes from 1 to 720.');
  return minutes;
}

function collectHost(text: string, previous: readonly string[]): string[] {
  if (!/^[A-Za-z0-9.-]{1,253}$/.test(text)) throw new InvalidArgumentError('write a host name without a port.');
  return [...previous, text];
}

async function runForward(target: string | undefined, localPort: number | undefined, options: ForwardOptions) {
  if (options.schema) {
    printSchema(forwardSchema);
    return;
  }
  const wanted = parsePortOfService(target);
  const leaving = Promise.withResolvers<void>();
  const stopListening = onEndSignals(
    countRequests((count) => (count > 1 ? process.exit(EXIT.fault) : leaving.resolve())),
  );
  try {
    await inStack(options, async (session) => {
      const helper = options.helper === undefined ? undefined : await toConsent(session, wanted, options);
      await unlockWhereLocked(session, options.unlock);
      await hold(session, { ...wanted, localPort, helper }, { options, left: leaving.promise });
    });
  } finally {
    stopListening();
  }
}

/** The network is the service's first where none was named. */
async function toConsent(
  { api, files: { environment } }: StackSession,
  wanted: PortOfService,
  { helper: image = '', network }: ForwardOptions,
): Promise<HelperConsent | undefined> {
  const way: ForwardWay = await api.forwards.look.query({ environment, ...wanted });
  if (way.kind === 'relay') {
    remark(toPlainText(`gatehouse: no helper is needed: ${way.through} carries it`));
    return undefined;
  }
  if (way.kind === 'none') throw new CommandError(EXIT.unreachable, `${way.problem.message} ${way.problem.remedy}`);
  return { image, network: network ?? way.networks[0] ?? '' };
}

interface Holding extends PortOfService {
  readonly localPort: number | undefined;
  readonly helper: HelperConsent | undefined;
}

/** Until it ends, or `left`: the host closes what its caller has left. */
function hold(
  { api, files: { environment } }: StackSession,
  { localPort, helper, ...wanted }: Holding,
  { options, left }: { options: ForwardOptions; left: Promise<void> },
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let shown = '';
  const onData = (forward: Forward) => {
    const now = `${forward.state} ${forward.detail}`;
    if (now !== shown) show(forward, { isFirst: shown === '', isJson: options.json === true });
    shown = now;
    if (forward.state !== 'ended') return;
    resolve();
  };
  const subscription = api.forwards.hold.subscribe(
    {
      environment,
      ...wanted,
      idleMinutes: options.idle,
      hosts: [...options.allowHost],
      ...(localPort === undefined ? {} : { localPort }),
      ...(helper ? { helper } : {}),
      ...(options.confirm === undefined ? {} : { confirm: options.confirm }),
    },
    { onData, onError: reject, onComplete: resolve },
  );
  void left.then(resolve);
  return promise.finally(() => subscription.unsubscribe());
}

/** The address once, on stdout; what changes about it as a remark. */
function show(forward: Forward, { isFirst, isJson }: { isFirst: boolean; isJson: boolean }): void {
  const address = `127.0.0.1:${forward.localPort}`;
  if (isJson) {
    print(toJson(forward));
  } else if (isFirst) {
    print(forward.isWeb ? `http://${address}` : address);
    remark(toPlainText(`${forward.service}:${forward.port}, ${forward.detail}; Ctrl-C closes it`));
  } else {
    const words = { open: 'open again, ', waiting: 'waiting: ', ended: 'closed: ' };
    remark(toPlainText(`gatehouse: ${words[forward.state]}${forward.detail}`));
  }
}
