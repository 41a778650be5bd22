// One client of a forwarded port, joined to its service: each side at the other's pace, half-open as TCP is.
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createGateStream } from './gateStream.ts';

export interface ConnectionOptions {
  readonly socket: Socket;
  readonly connect: () => Promise<Duplex>;
  readonly allowedHosts: readonly string[];
  onSent: (bytes: number) => void;
  onReceived: (bytes: number) => void;
  onKind: (isHttp: boolean) => void;
  onRefused: (reason: string) => void;
  onFailed: (reason: string) => void;
}

/** Resolves when the client's socket is closed; never rejects. */
export async function carryConnection(options: ConnectionOptions): Promise<void> {
  const { socket } = options;
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => socket.destroy());
  try {
    const stream = await options.connect();
    if (socket.destroyed) stream.destroy();
    else join(stream, options);
  } catch (error) {
    options.onFailed(error instanceof Error ? error.message : String(error));
    // As the service itself would have it: not an end, but a reset.
    socket.resetAndDestroy();
  }
  await closed;
}

function join(stream: Duplex, options: ConnectionOptions): void {
  const { socket, onSent, onReceived, onFailed } = options;
  const gate = createGateStream({
    allowedHosts: options.allowedHosts,
    onKind: options.onKind,
    onRefusal(answer, reason) {
      options.onRefused(reason);
      stream.unpipe(socket);
      stream.destroy();
      socket.unpipe(gate);
      // What it still sends is read and dropped: unread, it would turn the answer into a reset.
      socket.resume();
      socket.end(answer);
      setTimeout(() => socket.destroy(), refusalMs).unref();
    },
  });
  gate.on('data', (chunk: Buffer) => onSent(chunk.length));
  stream.on('data', (chunk: Buffer) => onReceived(chunk.length));
  stream.on('error', (error) => {
    if (socket.destroyed || socket.writableEnded) return;
    onFailed(error.message);
    socket.resetAndDestroy();
  });
  socket.once('close', () => {
    gate.destroy();
    stream.destroy();
  });
  socket.pipe(gate).pipe(stream);
  stream.pipe(socket);
}

const refusalMs = 2000;
