// Bytes as they are, for requests that no client library would send.
import { connect, type Socket } from 'node:net';

export interface RawSocket {
  readonly socket: Socket;
  send(bytes: string | Buffer): void;
  /** Everything received so far, as latin1. */
  received(): string;
  /** Resolves when what was received fits; rejects when the connection closes before. */
  until(fits: (text: string) => boolean): Promise<string>;
  /** Resolves with everything received when the connection is closed. */
  closed(): Promise<string>;
  /** Ends with a TCP reset. */
  reset(): void;
}

export async function openRawSocket(port: number): Promise<RawSocket> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  let isClosed = false;
  const watchers = new Set<() => void>();
  const notify = () => {
    for (const watcher of [...watchers]) watcher();
  };
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    notify();
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    isClosed = true;
    notify();
  });
  await new Promise<void>((resolve) => socket.once('connect', resolve));

  function wait(isDone: () => boolean, fails: () => boolean): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (isDone()) resolve(text);
        else if (fails()) reject(new Error(`the connection closed after ${JSON.stringify(text)}`));
        else return;
        watchers.delete(look);
      };
      watchers.add(look);
      look();
    });
  }

  return {
    socket,
    send: (bytes) => void socket.write(bytes),
    received: () => text,
    until: (fits) =>
      wait(
        () => fits(text),
        () => isClosed,
      ),
    closed: () =>
      wait(
        () => isClosed,
        () => false,
      ),
    reset: () => void socket.resetAndDestroy(),
  };
}

/** Sends one request and waits for the connection's end. */
export async function exchangeRaw(port: number, bytes: string | Buffer): Promise<string> {
  const raw = await openRawSocket(port);
  raw.send(bytes);
  return raw.closed();
}
