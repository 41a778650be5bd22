// One answer to a client: its head and body leave in as few writes as they can, behind the answers that come before.
import { TOKEN } from '../../headers/fieldSyntax.ts';
import type { HeaderList } from '../../headers/headerList.ts';
import { type AnswerQuestion, toAnswerHead } from './answerHead.ts';

/** Who carries an answer, told what becomes of it. */
export interface AnswerWatcher {
  /** It may write again. */
  onDrain(): void;
  /** Once: the whole answer has left, or the client has gone (`isFinished` says which). */
  onClose(): void;
}

/** What an answer asks of its connection. */
export interface AnswerConnection {
  /** False when more should wait for a drain. */
  write(piece: string | Buffer): boolean;
  cork(): void;
  uncork(): void;
  /** Whether this answer is the one whose turn it is. */
  isTurnOf(answer: ClientAnswer): boolean;
  onAnswerEnded(answer: ClientAnswer): void;
  destroy(): void;
}

/** What an answer holds while it waits for its turn, before its upstream has to wait too. */
const HELD_LIMIT_BYTES = 64 * 1024;

/** RFC 8288, 3: an address and its parameters. */
const LINK = new RegExp(`^<[!#-;=?-~]*>(?:[ \\t]*;[ \\t]*${TOKEN}(?:=(?:${TOKEN}|"[ !#-~]*"))?)*$`);

type Trailers = readonly (readonly [name: string, value: string])[];

/** Text is a character a byte (latin1) everywhere. */
export class ClientAnswer {
  /** Whether the connection is for more than this answer; may be taken away until the head is written. */
  keepsAlive: boolean;
  watcher: AnswerWatcher | null = null;
  isHeadSent = false;
  isEnded = false;
  /** The whole answer was taken by the client's kernel, or ours. */
  isFinished = false;
  /** Nothing that is written goes anywhere any more. */
  isClosed = false;
  needsDrain = false;
  isChunked = false;
  /** Ends a wait for the rest of a body, when there is one. */
  endLinger: (() => void) | null = null;
  private readonly connection: AnswerConnection;
  private readonly question: AnswerQuestion;
  private hasNoBody = false;
  /** Not written yet: it leaves with the first bytes of the body. */
  private head = '';
  private held: (string | Buffer)[] = [];
  private heldBytes = 0;
  private isCut = false;

  constructor(connection: AnswerConnection, question: AnswerQuestion) {
    this.connection = connection;
    this.question = question;
    this.keepsAlive = question.keepsAlive;
  }

  /** Throws when a field has characters that would end its line. The head leaves with the body, or with flushHead. */
  writeHead(status: number, headers: HeaderList): void {
    const { keepsAlive } = this;
    const head = toAnswerHead(status, headers, keepsAlive ? this.question : { ...this.question, keepsAlive });
    this.keepsAlive = head.keepsAlive;
    this.isChunked = head.body === 'chunked';
    this.hasNoBody = head.body === 'none';
    this.head = head.text;
    this.isHeadSent = true;
  }

  flushHead(): void {
    const { head } = this;
    this.head = '';
    if (head !== '') this.put(head);
  }

  writeContinue(): void {
    this.writeInformation('100 Continue', []);
  }

  /** The values of Link fields; those that have no valid form are left out, since hints may be (RFC 8297, 2). */
  writeEarlyHints(links: readonly string[]): void {
    const fields = links.filter((link) => LINK.test(link)).map((link) => `Link: ${link}\r\n`);
    if (fields.length > 0) this.writeInformation('103 Early Hints', fields);
  }

  /** HTTP/1.0 does not know them (RFC 9110, 15.2). */
  private writeInformation(line: string, fields: readonly string[]): void {
    if (this.isHeadSent || this.question.httpVersion !== '1.1') return;
    this.put(`HTTP/1.1 ${line}\r\n${fields.join('')}\r\n`);
  }

  /** The bytes are kept until they have left. False asks for a pause until onDrain. */
  write(chunk: string | Buffer): boolean {
    if (this.hasNoBody || chunk.length === 0 || this.isEnded) return true;
    const { head, isChunked } = this;
    this.head = '';
    const before = isChunked ? `${head}${chunk.length.toString(16)}\r\n` : head;
    if (typeof chunk === 'string') return this.put(isChunked ? `${before}${chunk}\r\n` : before + chunk);
    this.connection.cork();
    if (before !== '') this.put(before);
    let hasRoom = this.put(chunk);
    if (isChunked) hasRoom = this.put('\r\n');
    this.connection.uncork();
    return hasRoom;
  }

  /** `last` is the rest of the body; trailers leave where chunks carry them. */
  end(last: string | Buffer = '', trailers: Trailers = []): void {
    if (this.isEnded || this.isClosed) return;
    if (typeof last !== 'string') this.write(last);
    const rest = typeof last === 'string' && !this.hasNoBody ? last : '';
    const hasChunks = this.isChunked && !this.hasNoBody;
    const text = this.head + (hasChunks ? toLastChunks(rest, trailers) : rest);
    this.head = '';
    if (text !== '') this.put(text);
    this.isEnded = true;
    this.connection.onAnswerEnded(this);
  }

  /** Breaks off what has begun, so that the client sees that it is not whole. */
  destroy(): void {
    if (this.connection.isTurnOf(this)) this.connection.destroy();
    else {
      this.isCut = true;
      this.keepsAlive = false;
    }
  }

  /** Whatever is written from now on goes nowhere. */
  detach(): void {
    this.isClosed = true;
    this.watcher = null;
  }

  private put(piece: string | Buffer): boolean {
    if (this.isClosed) return true;
    const hasTurn = this.connection.isTurnOf(this);
    if (!hasTurn) {
      this.held.push(piece);
      this.heldBytes += piece.length;
    }
    const hasRoom = hasTurn ? this.connection.write(piece) : this.heldBytes < HELD_LIMIT_BYTES;
    if (!hasRoom) this.needsDrain = true;
    return hasRoom;
  }

  // Called by the connection.

  /** The answers before it have left. */
  onTurn(): void {
    const { held, needsDrain } = this;
    if (this.isCut) return void this.connection.destroy();
    this.held = [];
    this.heldBytes = 0;
    let hasRoom = true;
    for (const piece of held) hasRoom = this.connection.write(piece);
    if (this.isEnded) this.connection.onAnswerEnded(this);
    else if (needsDrain && hasRoom) this.onDrain();
  }

  onDrain(): void {
    if (!this.needsDrain) return;
    this.needsDrain = false;
    this.watcher?.onDrain();
  }

  /** `isFinished`: the whole answer has left. */
  onClose(isFinished: boolean): void {
    this.isFinished = isFinished;
    this.isClosed = true;
    const { watcher } = this;
    this.watcher = null;
    watcher?.onClose();
  }
}

function toLastChunks(last: string, trailers: Trailers): string {
  const body = last === '' ? '' : `${last.length.toString(16)}\r\n${last}\r\n`;
  if (trailers.length === 0) return `${body}0\r\n\r\n`;
  return `${body}0\r\n${trailers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}
