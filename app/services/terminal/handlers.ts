import { GatehouseError, type HandlersOf, type Operations, type TerminalEvent } from '../../contract/index.ts';
import type { Engine } from '../docker/engine.ts';
import type { ObservedContainer } from '../docker/observed.ts';
import type { Environments } from '../environment/environments.ts';
import type { LiveEnvironment } from '../environment/liveEnvironment.ts';
import { findShell } from './findShell.ts';
import type { Terminals } from './terminals.ts';

export interface TerminalHandlerDeps {
  environments: Environments;
  terminals: Terminals;
}

type OfTerminal = HandlersOf<Operations['terminal']>;
type OpenInput = Parameters<OfTerminal['open']>[0];

export function createTerminalHandlers({ environments, terminals }: TerminalHandlerDeps): OfTerminal {
  return {
    open: async function* (input, { signal }): AsyncGenerator<TerminalEvent> {
      // Where the environment was not open yet, it has to be seen first what runs in it.
      await environments.use(input.environment, signal, async () => {});
      yield* environments.stream(input.environment, signal, (live) => openIn(live, terminals, { input, signal }));
    },
    write: async ({ id, bytes, isEnd }) => terminals.get(id).write(Buffer.from(bytes, 'base64'), isEnd),
    resize: ({ id, size }) => terminals.get(id).resize(size),
    acknowledge: async ({ id, bytes }) => terminals.get(id).acknowledge(bytes),
  };
}

async function* openIn(
  live: LiveEnvironment,
  terminals: Terminals,
  { input, signal }: { input: OpenInput; signal: AbortSignal },
): AsyncGenerator<TerminalEvent> {
  const container = findContainer(live, input);
  const engine = live.openEngine();
  try {
    const command = input.command ?? [await findShell(engine, container.id, container.name)];
    yield* run(terminals, { engine, container, command, input, signal });
  } finally {
    engine.close();
  }
}

interface Running {
  engine: Engine;
  container: ObservedContainer;
  command: readonly string[];
  input: OpenInput;
  signal: AbortSignal;
}

async function* run(
  terminals: Terminals,
  { engine, container: { id, name }, command, input, signal }: Running,
): AsyncGenerator<TerminalEvent> {
  const terminal = await terminals.open({ engine, container: id, containerName: name, command, size: input.size });
  try {
    yield* terminal.events(signal);
  } finally {
    terminals.forget(terminal);
  }
}

/** Of this project only: an environment does not reach into another one. Throws a problem. */
function findContainer({ stack }: LiveEnvironment, { service, container }: OpenInput): ObservedContainer {
  const own = [...(stack.observed.current?.containers.values() ?? [])]
    .filter((one) => one.service === service && !one.oneOff)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const wanted = own.filter(({ id, name }) => container === undefined || id === container || name === container);
  const running = wanted.find(({ state }) => state === 'running');
  if (running) return running;
  const shown = (container ?? service).slice(0, 64);
  const [stopped] = wanted;
  if (!stopped) {
    throw new GatehouseError({
      code: 'container-unknown',
      message: `The project has no container of ${shown}.`,
      remedy: 'Choose a service that was created; `gatehouse ps` lists them.',
    });
  }
  throw new GatehouseError({
    code: 'terminal-failed',
    message: `${shown} does not run: its container is ${stopped.state}.`,
    remedy: 'Start it first; a terminal is a program beside what runs in a container.',
  });
}
