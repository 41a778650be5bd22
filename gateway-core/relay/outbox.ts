// The sending half of a mux: frames go out at once, data in turns and only as fast as the output takes it.
import type { Writable } from 'node:stream';
import { encodeFrame, type Frame, RelayProtocolError } from './frame.ts';
import type { RelayStream } from './relayStream.ts';

/** Answers to a peer that asks and does not read would pile up here; data waits in its own stream. */
const limitBytes = 2 * 1024 * 1024;

export class Outbox {
  readonly #output: Writable;
  readonly #onOverflow: (error: Error) => void;
  readonly #ready = new Set<RelayStream>();
  readonly #onDrain = () => this.#pump();
  #isPumping = false;
  #isClosed = false;

  constructor(output: Writable, onOverflow: (error: Error) => void) {
    this.#output = output;
    this.#onOverflow = onOverflow;
    output.on('drain', this.#onDrain);
  }

  write(frame: Frame): void {
    const output = this.#output;
    if (this.#isClosed || output.destroyed || output.writableEnded) return;
    const [header, payload] = encodeFrame(frame);
    output.cork();
    output.write(header);
    if (payload.length > 0) output.write(payload);
    output.uncork();
    if (output.writableLength > limitBytes) {
      this.#onOverflow(new RelayProtocolError(`the other side has not read the last ${output.writableLength} bytes`));
    }
  }

  /** It has something to send. */
  add(stream: RelayStream): void {
    this.#ready.add(stream);
    this.#pump();
  }

  forget(stream: RelayStream): void {
    this.#ready.delete(stream);
  }

  close(): void {
    this.#isClosed = true;
    this.#output.off('drain', this.#onDrain);
    this.#ready.clear();
  }

  /** Every stream that can send, in turns, as long as the output takes it. */
  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    this.#output.cork();
    for (const stream of this.#ready) {
      if (this.#output.writableNeedDrain || this.#isClosed) break;
      this.#ready.delete(stream);
      stream.sendSome();
      // Added at the end of the set, so that this loop comes to it again after the others.
      if (stream.hasSomeToSend) this.#ready.add(stream);
    }
    this.#output.uncork();
    this.#isPumping = false;
  }
}
