// One running relay: an exec in a container, greeted and kept under watch until it ends.
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { createRelayMux, type RelayHello, type RelayMux } from '../../../gateway-core/index.ts';
import type { Engine, Exec } from '../docker/engine.ts';
import { createDemultiplexer } from '../docker/multiplexed.ts';
import { toRelayCommand } from './relayCommand.ts';
import { RelayFailure, toRelayFailure } from './relayFailure.ts';

export interface RelayLink {
  /** May be written to at once; an `error` says why the target was not reached. Throws where the target is not known. */
  connect(target: RelayTarget): Duplex;
  /** Resolves with the reason when the relay is gone; `close` is one. */
  readonly ended: Promise<string>;
  close(): void;
}

/** `admin` is the socket that the relay itself names; `tcp:host:port` needs a relay that was started for it. */
export type RelayTarget = 'admin' | `tcp:${string}`;

export interface LinkOptions {
  engine: Engine;
  container: string;
  /** The container, as the operator calls it. */
  name: string;
  /** Whether addresses of the container's networks may be reached through it. */
  allowsTcp?: boolean;
  /** How it is started where that is not by an exec of the container's own program. */
  start?: StartRelay | undefined;
  signal: AbortSignal;
}

export type StartRelay = (engine: Engine) => Promise<RelayProcess>;

/** A relay's input and output, as an engine has them. */
export type RelayProcess = Pick<Exec, 'stream' | 'findExitCode'>;

const helloWithinMs = 10_000;
/** The relay ends when it hears nothing for 30 s. */
const pingEveryMs = 3000;
const silenceLimitMs = 10_000;
const saidLimitBytes = 2048;

/** Rejects with a RelayFailure, or what the engine threw; nothing of it runs on then. */
export async function openLink({ engine, name, signal, ...options }: LinkOptions): Promise<RelayLink> {
  const start = options.start ?? ((where: Engine) => startByExec(where, { name, ...options }));
  const exec = await start(engine);
  const wire = createWire(exec.stream);
  const giveUp = () => exec.stream.destroy();
  signal.addEventListener('abort', giveUp);
  if (signal.aborted) giveUp();
  const late = setTimeout(giveUp, helloWithinMs);
  try {
    const hello = await Promise.race([wire.hello, wire.failed.then(() => undefined)]);
    if (!hello) throw toRelayFailure({ name, exitCode: await findExitCode(exec), said: wire.said() });
    return createLink(exec, wire, hello, name);
  } catch (error) {
    exec.stream.destroy();
    throw error;
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', giveUp);
  }
}

async function startByExec(
  engine: Engine,
  { name, container, allowsTcp }: Pick<LinkOptions, 'name' | 'container' | 'allowsTcp'>,
): Promise<RelayProcess> {
  const inspected = await engine.inspect(container);
  if (!inspected) throw new RelayFailure(`${name} is gone`);
  return engine.exec(container, toRelayCommand(inspected.Config.Entrypoint, allowsTcp));
}

interface Wire {
  readonly mux: RelayMux;
  readonly hello: Promise<RelayHello>;
  /** Resolves when the connection has ended or the protocol was broken. */
  readonly failed: Promise<void>;
  /** What was said that is not the protocol, for a reason. */
  said(): string;
  /** Epoch ms of the last byte. */
  readonly heardAt: number;
}

function createWire(stream: Duplex): Wire {
  const hello = Promise.withResolvers<RelayHello>();
  const failed = Promise.withResolvers<void>();
  let isGreeted = false;
  let heardAt = Date.now();
  let said = Buffer.alloc(0);
  const hear = (bytes: Buffer) => {
    said = Buffer.concat([said, bytes]).subarray(0, saidLimitBytes);
  };
  const mux = createRelayMux({
    output: stream,
    onHello: (value) => {
      isGreeted = true;
      said = Buffer.alloc(0);
      hello.resolve(value);
    },
    onFailure: (error) => {
      hear(Buffer.from(`\n${error.message}`));
      failed.resolve();
    },
  });
  const demultiplex = createDemultiplexer((channel, bytes) => {
    if (channel === 'stderr' || !isGreeted) hear(bytes);
    if (channel === 'stdout') mux.receive(bytes);
  });
  stream.on('data', (chunk: Buffer) => {
    heardAt = Date.now();
    demultiplex(chunk);
  });
  // Half open is of no use here: without its output the relay is gone.
  stream.on('end', () => stream.destroy());
  stream.on('close', () => failed.resolve());
  return {
    mux,
    hello: hello.promise,
    failed: failed.promise,
    said: () => said.toString('utf8'),
    get heardAt() {
      return heardAt;
    },
  };
}

function createLink(exec: RelayProcess, wire: Wire, hello: RelayHello, name: string): RelayLink {
  const { stream } = exec;
  const { mux } = wire;
  let reason: string | undefined;
  const close = (why: string) => {
    reason ??= why;
    mux.close(reason);
    stream.destroy();
  };
  const watch = setInterval(() => {
    if (Date.now() - wire.heardAt > silenceLimitMs) close(`the relay of ${name} has fallen silent`);
    else mux.ping();
  }, pingEveryMs);
  const ended = wire.failed.then(async () => {
    clearInterval(watch);
    if (reason !== undefined) return reason;
    const why = `the relay of ${name} has ended`;
    close(why);
    const exitCode = await findExitCode(exec);
    return exitCode === null ? why : `${why} with exit code ${exitCode}`;
  });
  return {
    ended,
    close: () => close('the relay was closed'),
    connect: (target) => mux.connect(toSocketTarget(target, hello)),
  };
}

function toSocketTarget(target: RelayTarget, { adminSocket }: RelayHello): string {
  if (target !== 'admin') return target;
  if (adminSocket !== null) return `unix:${adminSocket}`;
  throw new Error('GATEHOUSE_ADMIN_SOCKET is not set in its container, so that its relay knows no admin socket');
}

/** The engine learns of the end a moment after the connection has closed. */
async function findExitCode(exec: RelayProcess): Promise<number | null> {
  try {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const code = await exec.findExitCode();
      if (code !== null) return code;
      await delay(100);
    }
  } catch {
    // An engine or container that is gone does not tell.
  }
  return null;
}
