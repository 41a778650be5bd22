// The body of an upstream's answer on its way to the client, behind a head that was given to writeHead.
import type { HeaderList } from '../headers/headerList.ts';
import type { ClientAnswer } from '../server/http1/clientAnswer.ts';

/**
 * A body up to this size that came whole with its head leaves with it in one write, as text of a byte a character, which
 * is joined to the head's: no copy, no writev, and one event less at the end.
 */
const HELD_LIMIT_BYTES = 16 * 1024;

export class AnswerBody {
  private readonly answer: ClientAnswer;
  /** The turn in which the head came is not over. */
  private isFresh = true;
  private hasBegun = false;
  /** The beginning of the body, until it is known whether it is all of it. */
  private held: string | null = null;

  constructor(answer: ClientAnswer) {
    this.answer = answer;
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
    return this.answer.write(Buffer.from(chunk));
  }

  /** An event stream may send its first event much later than its header. */
  endTurn(): void {
    this.isFresh = false;
    if (this.hasBegun) this.writeHeld();
    else this.answer.flushHead();
  }

  end(trailers: HeaderList): void {
    this.answer.end(this.held ?? '', trailers);
  }

  private writeHeld(): void {
    if (this.held === null) return;
    this.answer.write(this.held);
    this.held = null;
  }
}
