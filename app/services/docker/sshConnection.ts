// One connection to an engine over ssh, as the docker CLI makes it: `ssh HOST docker system dial-stdio`. The user's own
// ~/.ssh/config, keys, agent and jumps are used, since it is the user's own ssh.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { Duplex, type Readable, type Writable } from 'node:stream';
import type { SshAddress } from './address.ts';

/** Pure. The arguments of ssh. */
export function toSshArguments({ user, host, port, socketPath }: SshAddress): string[] {
  return [
    ...(user === null ? [] : ['-l', user]),
    ...(port === null ? [] : ['-p', String(port)]),
    // Nobody sits at a terminal who could answer a question.
    ...['-o', 'BatchMode=yes'],
    ...['-o', 'ConnectTimeout=10'],
    '-T',
    '--',
    host,
    ...toRemoteCommand(socketPath),
  ];
}

/** The words are joined by ssh and read by the remote shell. */
function toRemoteCommand(socketPath: string | null): string[] {
  const dial = ['system', 'dial-stdio'];
  return socketPath === null ? ['docker', ...dial] : ['docker', '--host', quote(`unix://${socketPath}`), ...dial];
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Why a connection over ssh did not come about, or ended. The message is what ssh or the remote docker said. */
export class SshFailure extends Error {
  override name = 'SshFailure';
  readonly code: 'ssh-missing' | 'ssh-failed';
  /** The engine had answered over this connection before. */
  readonly wasUsed: boolean;
  constructor(code: SshFailure['code'], message: string, wasUsed = false) {
    super(message);
    this.code = code;
    this.wasUsed = wasUsed;
  }
}

const saidLimit = 2048;
/** For a peer that does not end when its input has. */
const endGraceMs = 2000;

/** A stream that Node's HTTP client takes for a socket. */
export class SshConnection extends Duplex {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  #said = '';
  #wasUsed = false;

  constructor(address: SshAddress) {
    super({ allowHalfOpen: false });
    const child = spawn('ssh', toSshArguments(address), { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    child.stdin.on('error', () => {});
    child.stdout.on('data', (chunk: Buffer) => {
      this.#wasUsed = true;
      if (!this.push(chunk)) child.stdout.pause();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-saidLimit);
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      const missing = error.code === 'ENOENT';
      this.destroy(
        missing
          ? new SshFailure('ssh-missing', 'there is no program ssh on this machine')
          : new SshFailure('ssh-failed', error.message),
      );
    });
    child.once('close', (code) => this.#end(code));
  }

  #end(code: number | null): void {
    if (this.destroyed) return;
    const said = this.#said.trim().split('\n').at(-1);
    const reason = said || `ssh ended with exit code ${code ?? 'unknown'}`;
    // The engine closed, in order: whoever waits for an answer learns it as from a socket.
    if (code === 0) this.push(null);
    else this.destroy(new SshFailure('ssh-failed', reason, this.#wasUsed));
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    // A peer that has gone takes nothing more; why it went is told by its end.
    if (!this.#child.stdin.writable) callback();
    else if (this.#child.stdin.write(chunk)) callback();
    else this.#child.stdin.once('drain', callback).once('close', callback);
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#child.stdin.end();
    callback();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#child.stdin.destroy();
    this.#child.stdout.destroy();
    this.#child.kill('SIGTERM');
    const firmly = setTimeout(() => this.#child.kill('SIGKILL'), endGraceMs);
    firmly.unref();
    this.#child.once('close', () => clearTimeout(firmly));
    callback(error);
  }

  /** What the HTTP client asks of a socket, and a pipe to a process has no use for. */
  setTimeout(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    this.#child.ref();
    return this;
  }
  unref(): this {
    this.#child.unref();
    return this;
  }
}
