// How requests reach an engine: one agent for each kind of address.
import { type AgentOptions, type ClientRequestArgs, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import { inspect } from 'node:util';
import type { EngineAddress, SshAddress } from './address.ts';
import { observeAgent } from './callRecording.ts';
import { SshConnection } from './sshConnection.ts';

/**
 * A connection a call: an engine closes an idle one whenever it likes, and a call that just then takes it fails with
 * EPIPE. For a ping that would be a false alarm; a POST must not be sent twice.
 */
const aCallEach: AgentOptions = { keepAlive: false };

export function createEngineAgent(address: EngineAddress): HttpAgent {
  return withShortName(observeAgent(createAgent(address)));
}

function createAgent(address: EngineAddress): HttpAgent {
  if (address.kind === 'ssh') return new SshAgent(address);
  if (address.kind === 'socket' || !address.tls) return new HttpAgent(aCallEach);
  const { ca, cert, key, verify } = address.tls;
  return new HttpsAgent({ ...aCallEach, ca, cert, key, rejectUnauthorized: verify });
}

/**
 * docker-modem 5 writes each request out, to any depth and with hidden fields, also where its debug log is off: with the
 * agent that is every open connection. While 26 containers were created it took seconds in which nobody was answered, and
 * it would put keys of TLS into that log.
 */
function withShortName(agent: HttpAgent): HttpAgent {
  return Object.defineProperty(agent, inspect.custom, { value: () => '[agent of an engine]' });
}

/** A handshake takes a process here and there and most of a second: idle connections wait for the next call. */
const kept: AgentOptions = { keepAlive: true, maxSockets: 32, maxFreeSockets: 4 };
/** sshd lets ten wait that have not shown who they are (MaxStartups), and others come too. */
const handshakesAtOnce = 4;
/** One that says nothing does not hold up the others for ever. */
const handshakeLimitMs = 10_000;

type Created = (error: Error | null, stream: Duplex) => void;

class SshAgent extends HttpAgent {
  readonly #address: SshAddress;
  readonly #waiting: (() => void)[] = [];
  readonly #open = new Set<SshConnection>();
  #shaking = 0;
  #isClosed = false;

  constructor(address: SshAddress) {
    super(kept);
    this.#address = address;
  }

  override createConnection(_options: ClientRequestArgs, created?: Created): null {
    this.#waiting.push(() => {
      const connection = this.#connect();
      created?.(null, connection);
    });
    this.#next();
    return null;
  }

  #connect(): SshConnection {
    const connection = new SshConnection(this.#address);
    this.#open.add(connection);
    connection.once('close', () => this.#open.delete(connection));
    this.#shaking += 1;
    // The first word of the engine, or the end of the attempt.
    const shaken = () => {
      clearTimeout(timer);
      connection.off('readable', shaken).off('close', shaken);
      this.#shaking -= 1;
      this.#next();
    };
    const timer = setTimeout(shaken, handshakeLimitMs);
    timer.unref();
    connection.once('readable', shaken).once('close', shaken);
    return connection;
  }

  #next(): void {
    while (!this.#isClosed && this.#shaking < handshakesAtOnce) {
      const start = this.#waiting.shift();
      if (!start) return;
      start();
    }
  }

  override destroy(): void {
    this.#isClosed = true;
    this.#waiting.length = 0;
    for (const connection of this.#open) connection.destroy();
    super.destroy();
  }
}
