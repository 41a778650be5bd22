// `gateway relay`: started by the console's exec, it carries connections to the admin socket over stdin and stdout.
// It lives no longer than its stdin: when the console goes, in whatever way, nothing stays in the container.
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { parseArgs } from 'node:util';
import { createHosts, type Hosts } from '../resolve/hosts.ts';
import { createRelayMux, type IncomingConnection } from './mux.ts';
import { decideTarget, resolveTarget, type Target, type TargetRules } from './target.ts';

/** The console pings every few seconds. After this much silence it is gone, even if its connection was never closed. */
const silenceLimitMs = 30_000;
const dialLimitMs = 10_000;
const wrongUse = 2;

export const relayUsage = `gateway relay [--allow tcp]

  Carries connections over stdin and stdout, as the console asks for them through the engine's exec.
  It reaches the admin socket that GATEHOUSE_ADMIN_SOCKET names, and ends with its stdin.
  --allow tcp          reach addresses of the container's networks too
`;

export function runRelay(argv: readonly string[], env: NodeJS.ProcessEnv): void {
  let rules: TargetRules;
  try {
    if (argv.includes('--help')) return void process.stdout.write(relayUsage);
    rules = parseRelayArguments(argv, env);
  } catch (error) {
    process.stderr.write(`${toMessage(error)}\n\n${relayUsage}`);
    process.exitCode = wrongUse;
    return;
  }
  const { stdin, stdout } = process;
  const leave = (code: number) => process.exit(code);
  // The engine's end of the pipe is gone: there is nobody to tell.
  stdout.on('error', () => leave(0));
  stdin.on('error', () => leave(0));
  stdin.on('end', () => leave(0));
  stdin.on('close', () => leave(0));

  const hostsFile = env.GATEHOUSE_HOSTS_FILE || undefined;
  const hosts = hostsFile === undefined ? null : createHosts({ file: hostsFile });
  const mux = createRelayMux({
    output: stdout,
    serves: rules,
    onConnection: (connection) => serve(connection, rules, hosts),
    onFailure: (error) => {
      process.stderr.write(`gateway relay: ${error.message}\n`);
      leave(1);
    },
  });
  const silence = setTimeout(() => leave(0), silenceLimitMs);
  stdin.on('data', (chunk: Buffer) => {
    silence.refresh();
    mux.receive(chunk);
  });
}

/** Throws an Error with a message for the operator when the use is wrong. */
export function parseRelayArguments(argv: readonly string[], env: NodeJS.ProcessEnv): TargetRules {
  const { values } = parseArgs({ args: [...argv], options: { allow: { type: 'string' } } });
  if (values.allow !== undefined && values.allow !== 'tcp') {
    throw new Error(`--allow ${values.allow.slice(0, 100)} is not known; only --allow tcp is`);
  }
  return { adminSocket: env.GATEHOUSE_ADMIN_SOCKET || null, allowsTcp: values.allow === 'tcp' };
}

function serve(connection: IncomingConnection, rules: TargetRules, hosts: Hosts | null): void {
  const asked = decideTarget(connection.target, rules);
  const decision = hosts && asked.kind === 'allowed' ? resolveTarget(asked.target, hosts.findAll) : asked;
  if (decision.kind === 'refused') return void connection.refuse(decision.reason);
  const { stream } = connection;
  const socket = dial(decision.target);
  const late = setTimeout(() => socket.destroy(new Error(`no answer within ${dialLimitMs} ms`)), dialLimitMs);
  let isConnected = false;
  socket.on('connect', () => {
    isConnected = true;
    clearTimeout(late);
    connection.accept();
    join(stream, socket);
  });
  socket.on('error', (error) => {
    if (isConnected) stream.destroy(error);
    else connection.refuse(`${connection.target} cannot be reached: ${error.message}`);
  });
  socket.on('close', () => clearTimeout(late));
  // The console gave up, possibly before the target answered.
  stream.on('error', () => socket.destroy());
}

/** Half-open, as the stream is: a side that has said everything may still listen. */
function dial(target: Target): Socket {
  return target.kind === 'unix'
    ? connect({ path: target.path, allowHalfOpen: true })
    : connect({ host: target.host, port: target.port, allowHalfOpen: true, noDelay: true });
}

function join(stream: Duplex, socket: Socket): void {
  stream.pipe(socket);
  socket.pipe(stream);
}

function toMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
