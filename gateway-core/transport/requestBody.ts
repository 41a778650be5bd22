// The client's body on its way to the upstream: counted, limited, no faster than the upstream takes it, and kept as far
// as a further try may need it.
import type { BodyReader, ClientBody } from '../server/http1/clientBody.ts';
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
export class RequestBody implements BodySource, BodyReader {
  private readonly body: ClientBody;
  private readonly options: RequestBodyOptions;
  private sink: BodySink | null = null;
  private kept: Buffer[] | null = [];
  private total = 0;
  private isOver = false;

  constructor(body: ClientBody, options: RequestBodyOptions) {
    this.body = body;
    this.options = options;
    body.give(this);
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
    if (hasRoom) this.body.resume();
  }

  resume(): void {
    if (this.sink && !this.isOver) this.body.resume();
  }

  stop(): void {
    this.sink = null;
    if (!this.isOver) this.body.pause();
  }

  /** Nobody will ask for it again. */
  close(): void {
    this.sink = null;
    this.kept = null;
    if (!this.isOver) this.body.leave();
  }

  onData(chunk: Buffer): void {
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
    if (this.sink && !this.sink.write(chunk)) this.body.pause();
  }

  onEnd(): void {
    this.isOver = true;
    this.sink?.end();
  }

  /** The answer's end tells whoever has to know. */
  onGone(): void {}
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
