// The body of a client's request, as far as somebody wants it: what nobody asks for stays in the kernel.

/** Told of a body as it comes. */
export interface BodyReader {
  /** The bytes are the reader's to keep. */
  onData(chunk: Buffer): void;
  /** The whole body has come. */
  onEnd(): void;
  /** The connection has ended before. */
  onGone(): void;
}

export interface ClientBody {
  /** All of it has been read from the connection; so it is where there is none. */
  readonly isComplete: boolean;
  /** Somebody waits for more of it. */
  readonly isFlowing: boolean;
  /** From now on the reader gets what comes, once resume is called. */
  give(reader: BodyReader): void;
  /** The reader wants no more, and nobody else gets what comes. */
  leave(): void;
  pause(): void;
  resume(): void;
}

/** What has no body is complete from the beginning. */
export const NO_BODY: ClientBody = {
  isComplete: true,
  isFlowing: false,
  give: ignore,
  leave: ignore,
  pause: ignore,
  resume: ignore,
};

function ignore(): void {}

export class StreamedBody implements ClientBody {
  isComplete = false;
  isFlowing = false;
  private reader: BodyReader | null = null;
  private readonly onWanted: () => void;

  /** `onWanted` is told when it may flow. */
  constructor(onWanted: () => void) {
    this.onWanted = onWanted;
  }

  give(reader: BodyReader): void {
    this.reader = reader;
  }

  leave(): void {
    this.reader = null;
    this.pause();
  }

  pause(): void {
    this.isFlowing = false;
  }

  resume(): void {
    if (this.isFlowing || this.isComplete) return;
    this.isFlowing = true;
    this.onWanted();
  }

  onData(chunk: Buffer): void {
    this.reader?.onData(chunk);
  }

  onEnd(): void {
    this.isComplete = true;
    this.isFlowing = false;
    this.reader?.onEnd();
  }

  onGone(): void {
    this.reader?.onGone();
  }
}
