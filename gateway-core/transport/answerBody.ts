// The body of an upstream's answer on its way to the client, behind a head that was given to writeHead.
import type { ServerResponse } from 'node:http';

/**
 * A body up to this size that came whole with its head leaves with it in one write, as text of a byte a character, which
 * Node joins to the head's: no copy, no writev, and one event less at the end.
 */
const HELD_LIMIT_BYTES = 16 * 1024;

export class AnswerBody {
  private readonly res: ServerResponse;
  /** The turn in which the head came is not over. */
  private isFresh = true;
  private hasBegun = false;
  /** The beginning of the body, until it is known whether it is all of it. */
  private held: string | null = null;

  constructor(res: ServerResponse) {
    this.res = res;
  }

  /** Copies what it keeps. False asks for a pause until `drain` of the response. */
  write(chunk: Buffer): boolean {
    const isFirst = !this.hasBegun;
    this.hasBegun = true;
    if (isFirst && this.isFresh && chunk.length <= HELD_LIMIT_BYTES) {
      this.held = chunk.toString('latin1');
      return true;
    }
    this.writeHeld();
    return this.res.write(Buffer.from(chunk));
  }

  /** An event stream may send its first event much later than its header. */
  endTurn(): void {
    this.isFresh = false;
    if (this.hasBegun) this.writeHeld();
    else this.res.flushHeaders();
  }

  end(): void {
    if (this.held === null) this.res.end();
    else this.res.end(this.held, 'latin1');
  }

  private writeHeld(): void {
    if (this.held === null) return;
    this.res.write(this.held, 'latin1');
    this.held = null;
  }
}
