// The status line and header fields of an answer, and what they say about its end (RFC 9112, 6.3).
import { remember } from '../../memo/remember.ts';
import { readFields } from './fields.ts';

/** How an answer ends: with its head, after `lengthBytes`, with its last chunk, or with the connection. */
type Body = 'none' | 'sized' | 'chunked' | 'until-close';

export interface AnswerHead {
  readonly status: number;
  readonly headers: [string, string][];
  readonly body: Body;
  /** 0 unless the body is sized. */
  readonly lengthBytes: number;
  /** Whether the connection may be used again afterwards. */
  readonly keepsAlive: boolean;
  /** How long the upstream says that it keeps an idle connection; null when it does not. */
  readonly keepAliveMs: number | null;
}

/** More than any upstream of good will needs; Node's servers and clients take 16 KiB. */
export const HEAD_LIMIT_BYTES = 32 * 1024;
const MAXIMUM_FIELDS = 256;
/** A reason is no more than decoration, and may be missing with its space (RFC 9112, 4). */
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/;

const readStatusLine = remember((text) => {
  const [, minor, status] = STATUS_LINE.exec(text) ?? [];
  return status === undefined ? undefined : { status: Number(status), isOld: minor === '0' };
});

/** Ms that a Keep-Alive field promises; null when it does not say. */
const readKeepAlive = remember((value) => {
  const seconds = /(?:^|[,; ])timeout=(\d{1,6})(?:$|[,; ])/i.exec(value)?.[1];
  return seconds === undefined ? null : Number(seconds) * 1000;
});

/** `text` is what stands before the empty line. undefined when it is not a valid head: the reason is not worth telling. */
export function parseAnswerHead(text: string, method: string): AnswerHead | undefined {
  const lineEnd = text.indexOf('\r\n');
  const line = readStatusLine(lineEnd === -1 ? text : text.slice(0, lineEnd));
  if (!line) return undefined;
  const reader = new HeadReader();
  if (lineEnd !== -1 && !readFields(text, lineEnd + 2, reader)) return undefined;
  return reader.finish(line.status, { isOld: line.isOld, method });
}

class HeadReader {
  private readonly headers: [string, string][] = [];
  private length: number | null = null;
  private isChunked = false;
  private closes = false;
  private keepAliveMs: number | null = null;

  onField(name: string, lowerName: string, value: string): boolean {
    if (this.headers.length >= MAXIMUM_FIELDS) return false;
    this.headers.push([name, value]);
    switch (lowerName) {
      case 'content-length':
        // Repeated, even with the same value, it is a sign of two writers; a proxy must not choose (RFC 9112, 6.3).
        if (this.length !== null || !/^\d{1,15}$/.test(value)) return false;
        this.length = Number(value);
        break;
      case 'transfer-encoding':
        // We send no TE, so nothing but chunked may come (RFC 9112, 7.4).
        if (this.isChunked || value.toLowerCase() !== 'chunked') return false;
        this.isChunked = true;
        break;
      case 'connection':
        if (/(?:^|,)[ \t]*close[ \t]*(?:,|$)/i.test(value)) this.closes = true;
        break;
      case 'keep-alive':
        this.keepAliveMs = readKeepAlive(value) ?? this.keepAliveMs;
        break;
    }
    return true;
  }

  finish(status: number, { isOld, method }: { isOld: boolean; method: string }): AnswerHead | undefined {
    const { headers, length, isChunked, keepAliveMs } = this;
    // Both are how an answer is smuggled past a proxy, and HTTP/1.0 knows no chunks (RFC 9112, 6.1).
    if (isChunked && (length !== null || isOld)) return undefined;
    const hasNoBody = method === 'HEAD' || status < 200 || status === 204 || status === 304;
    const body = hasNoBody ? 'none' : isChunked ? 'chunked' : length === null ? 'until-close' : 'sized';
    return {
      status,
      headers,
      body: body === 'sized' && length === 0 ? 'none' : body,
      lengthBytes: body === 'sized' ? (length ?? 0) : 0,
      keepsAlive: !isOld && !this.closes && body !== 'until-close',
      keepAliveMs,
    };
  }
}
