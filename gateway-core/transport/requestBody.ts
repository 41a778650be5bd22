// The client's body on its way to the upstream: counted, limited, no faster than the upstream takes it, and kept as far
// as a further try may need it.
import type { IncomingMessage } from 'node:http';
import type { BodySink, BodySource } from './upstreamClient.ts';

interface RequestBodyOptions {
  readonly limitBytes: number;
  /** How much is kept for a further try. */
  readonly keepBytes: number;
  readonly onBytes: (total: number, chunk: Buffer) => void;
  /** Called once; nothing beyond the limit is passed on. */
  readonly onOverflow: () => void;
}

/** Does not watch for the caller's end: an abort of the caller must never be taken for a failure of the upstream. */
export class RequestBody implements BodySource {
  private readonly request: IncomingMessage;
  private readonly options: RequestBodyOptions;
  private sink: BodySink | null = null;
  private kept: Buffer[] | null = [];
  private total = 0;
  private isOver = false;
  private isListening = false;

  constructor(request: IncomingMessage, options: RequestBodyOptions) {
    this.request = request;
    this.options = options;
    request.pause();
  }

  /** Whether a further try can have the body from its first byte. */
  get canRepeat(): boolean {
    return this.kept !== null;
  }

  pipeTo(sink: BodySink): void {
    this.sink = sink;
    let hasRoom = true;
    for (const chunk of this.kept ?? []) hasRoom = sink.write(chunk);
    if (this.isOver) return void sink.end();
    if (!this.isListening) {
      this.isListening = true;
      this.request.on('data', this.onData).on('end', this.onEnd);
    }
    if (hasRoom) this.request.resume();
  }

  resume(): void {
    if (this.sink && !this.isOver) this.request.resume();
  }

  stop(): void {
    this.sink = null;
    if (!this.isOver) this.request.pause();
  }

  /** Nobody will ask for it again. */
  close(): void {
    this.stop();
    this.kept = null;
    this.request.off('data', this.onData).off('end', this.onEnd);
  }

  private readonly onData = (chunk: Buffer): void => {
    const { limitBytes, keepBytes, onBytes, onOverflow } = this.options;
    this.total += chunk.length;
    onBytes(this.total, chunk);
    if (this.total > limitBytes) {
      this.close();
      onOverflow();
      return;
    }
    if (this.total <= keepBytes) this.kept?.push(chunk);
    else this.kept = null;
    // Between two tries it is paused; what was read already is kept, or else there is no further try.
    if (this.sink && !this.sink.write(chunk)) this.request.pause();
  };

  private readonly onEnd = (): void => {
    this.isOver = true;
    this.sink?.end();
  };
}

/** A body that is there as a whole. */
export class WholeBody implements BodySource {
  readonly canRepeat = true;
  private readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  pipeTo(sink: BodySink): void {
    sink.write(this.bytes);
    sink.end();
  }

  resume(): void {}

  stop(): void {}

  close(): void {}
}
