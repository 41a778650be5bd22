// The head of an answer as bytes of the wire (RFC 9112, 4). The last place where a line end could be smuggled in.
import { STATUS_CODES } from 'node:http';
import { type HeaderList, isValidField } from '../../headers/headerList.ts';
import { remember } from '../../memo/remember.ts';

/** What an answer is an answer to. */
export interface AnswerQuestion {
  readonly method: string;
  readonly httpVersion: string;
  readonly keepsAlive: boolean;
  /** How long an idle connection is kept, as the client is told. */
  readonly keepAliveMs: number;
}

export interface AnswerHead {
  /** Latin1 text with its empty line. */
  readonly text: string;
  /** How the body ends: there is none, with its length, with its last chunk, or with the connection. */
  readonly body: 'none' | 'sized' | 'chunked' | 'until-close';
  readonly keepsAlive: boolean;
}

const toStatusLine = remember((status) => `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}\r\n`);

/** `headers` have no framing but a Content-Length. Throws on what must never be written. */
export function toAnswerHead(status: number, headers: HeaderList, question: AnswerQuestion): AnswerHead {
  const { method, httpVersion, keepAliveMs } = question;
  let text = toStatusLine(String(status));
  let hasLength = false;
  let hasDate = false;
  for (const [name, value] of headers) {
    if (!isValidField(name, value))
      throw new Error(`the field ${JSON.stringify(name)} has a name or value that cannot be written`);
    if (name.length === 14) hasLength ||= name.toLowerCase() === 'content-length';
    else if (name.length === 4) hasDate ||= name.toLowerCase() === 'date';
    text += `${name}: ${value}\r\n`;
  }
  const body = findBody({ status, method, hasLength, isOld: httpVersion !== '1.1' });
  const keepsAlive = question.keepsAlive && body !== 'until-close';
  if (!hasDate) text += `Date: ${toDate(Date.now())}\r\n`;
  text += keepsAlive
    ? `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveMs / 1000)}\r\n`
    : 'Connection: close\r\n';
  text += body === 'chunked' ? 'Transfer-Encoding: chunked\r\n\r\n' : '\r\n';
  return { text, body, keepsAlive };
}

interface BodyQuestion {
  readonly status: number;
  readonly method: string;
  readonly hasLength: boolean;
  readonly isOld: boolean;
}

/** RFC 9112, 6.3. */
function findBody({ status, method, hasLength, isOld }: BodyQuestion): AnswerHead['body'] {
  if (method === 'HEAD' || status === 204 || status === 304) return 'none';
  if (hasLength) return 'sized';
  return isOld ? 'until-close' : 'chunked';
}

let dateText = '';
let dateSecond = -1;

/** The same text for a whole second. */
function toDate(now: number): string {
  const second = Math.floor(now / 1000);
  if (second !== dateSecond) {
    dateSecond = second;
    dateText = new Date(now).toUTCString();
  }
  return dateText;
}
