// The request line and header fields of a request, read strictly and in one pass, as they come: what could be read in two
// ways is refused, not guessed (RFC 9112, 2 to 6 and 11.2).
import { METHODS } from 'node:http';
import { type BodyFraming, checkBodyFraming } from '../../headers/framing.ts';
import { findFieldName } from './fieldNames.ts';

export interface RequestHead {
  readonly method: string;
  readonly target: string;
  /** 1.1 or 1.0; 0.9 and 2.0 are told so that they can be answered, and nothing is read behind them. */
  readonly httpVersion: string;
  readonly headers: [string, string][];
  readonly body: BodyFraming;
  /** The client may send another request on the connection. */
  readonly keepsAlive: boolean;
  /** What the Expect fields say; null where there is none, or none that has a meaning (HTTP/1.0). */
  readonly expectation: string | null;
  readonly hasUpgrade: boolean;
}

export interface HeadFault {
  readonly code: 'bad-request' | 'headers-too-large';
  /** Why, as a sentence. */
  readonly detail: string;
}

export interface HeadLimits {
  /** Of the request line and the fields together, with their line ends. */
  readonly maxHeaderBytes: number;
  readonly maxHeaders: number;
}

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;
const SLASH = 0x2f;
const DEL = 0x7f;

/** What a line reader says instead of where its line ended. */
const MORE = -1;
const BROKEN = -2;

/** Of a token (RFC 9110, 5.6.2), by byte. */
const IS_TOKEN = Uint8Array.from({ length: 256 }, (_, code) =>
  /[!#$%&'*+.^_`|~0-9A-Za-z-]/.test(String.fromCharCode(code)) ? 1 : 0,
);
const KNOWN_METHODS = new Set(METHODS);
/** What has no space after so many bytes is no method: foreign protocols are found out early. */
const LONGEST_METHOD = Math.max(...METHODS.map((method) => method.length));
const LONGEST_VERSION = 'HTTP/1.1'.length;
/** By what stands behind the target. The last two are known, so that they can be told that they are not spoken. */
const VERSIONS = new Map([
  ['HTTP/1.1', '1.1'],
  ['HTTP/1.0', '1.0'],
  ['HTTP/2.0', '2.0'],
  ['HTTP/0.9', '0.9'],
]);

export const NOT_HTTP: HeadFault = { code: 'bad-request', detail: 'The bytes are not a request in HTTP/1.1.' };
const NONE: readonly string[] = [];
const NOTHING = Buffer.alloc(0);

/** Reads the heads of one connection, one after the other. */
export class HeadReader {
  /** The empty line has come: take the head. */
  isWhole = false;
  fault: HeadFault = NOT_HTTP;
  private bytes: Buffer = NOTHING;
  /** `bytes` from `base` on, as far as a head may go. */
  private text = '';
  private base = 0;
  /** The beginning of a line whose end has not come. */
  private rest: Buffer | null = null;
  /** Of the lines that came in earlier pieces. */
  private earlierBytes = 0;
  private method = '';
  private target = '';
  private httpVersion = '';
  private headers: [string, string][] = [];
  private encodings: string[] | null = null;
  private lengths: string[] | null = null;
  private expectations: string[] | null = null;
  private hasUpgrade = false;
  private wantsClose = false;
  private wantsKeepAlive = false;

  /** Whether a part of a head has come. */
  get hasBegun(): boolean {
    return this.rest !== null || this.method !== '';
  }

  /** How many bytes of `input` belong to the head from `start` on, or -1: then `fault` says why. */
  read(input: Buffer, start: number, limits: HeadLimits): number {
    const { rest } = this;
    this.bytes = rest ? Buffer.concat([rest, input.subarray(start)]) : input;
    this.base = rest ? 0 : start;
    this.rest = null;
    // A head that is longer is refused, so nobody looks at what is cut off.
    this.text = this.bytes.toString('latin1', this.base, this.base + limits.maxHeaderBytes);
    const end = this.readLines(limits);
    // An idle connection holds nothing of what it has read.
    this.bytes = NOTHING;
    return end === BROKEN ? -1 : end - this.base - (rest?.length ?? 0);
  }

  /** Where the head ends, or everything that has come. */
  private readLines(limits: HeadLimits): number {
    const { bytes, base } = this;
    let at = base;
    while (!this.isWhole) {
      const next = this.method === '' ? this.readRequestLine(at) : this.readField(at);
      if (next === BROKEN) return BROKEN;
      const sizeBytes = this.earlierBytes + (next === MORE ? bytes.length : next) - base;
      if (sizeBytes > limits.maxHeaderBytes || this.headers.length > limits.maxHeaders) return this.refuseSize(limits);
      if (next === MORE) {
        this.earlierBytes += at - base;
        if (at < bytes.length) this.rest = Buffer.from(bytes.subarray(at));
        return bytes.length;
      }
      at = next;
    }
    return at;
  }

  private refuseSize({ maxHeaderBytes, maxHeaders }: HeadLimits): typeof BROKEN {
    const detail = `The header fields have more than ${maxHeaderBytes} bytes or are more than ${maxHeaders}.`;
    this.fault = { code: 'headers-too-large', detail };
    return BROKEN;
  }

  /** `METHOD SP target SP HTTP/1.1 CRLF`, each exactly once; line ends before it are passed over (RFC 9112, 2.2). */
  private readRequestLine(start: number): number {
    const { bytes } = this;
    let from = start;
    while (bytes[from] === LF || (bytes[from] === CR && bytes[from + 1] === LF)) from += bytes[from] === LF ? 1 : 2;
    if (bytes[from] === CR) return from + 1 === bytes.length ? MORE : BROKEN;
    let at = from;
    while (at < bytes.length && IS_TOKEN[bytes[at] ?? 0] === 1) at += 1;
    if (at - from > LONGEST_METHOD) return BROKEN;
    if (at === bytes.length) return MORE;
    const method = this.slice(from, at);
    if (bytes[at] !== SPACE || !KNOWN_METHODS.has(method)) return BROKEN;
    const targetFrom = at + 1;
    at = targetFrom;
    while (at < bytes.length && isInTarget(bytes[at] ?? 0)) at += 1;
    if (at === bytes.length) return MORE;
    if (at === targetFrom) return BROKEN;
    const end = bytes[at] === SPACE ? this.readVersion(at + 1) : this.readWithoutVersion(targetFrom, at);
    if (end < 0) return end;
    this.method = method;
    this.target = this.slice(targetFrom, at);
    return end;
  }

  private readVersion(start: number): number {
    const version = this.slice(start, start + LONGEST_VERSION);
    const end = start + LONGEST_VERSION;
    if (version.length < LONGEST_VERSION) return canBecomeVersion(version) ? MORE : BROKEN;
    const httpVersion = VERSIONS.get(version);
    if (httpVersion === undefined) return BROKEN;
    this.httpVersion = httpVersion;
    return this.readLineEnd(end);
  }

  /** HTTP/0.9 had no version and no header fields. */
  private readWithoutVersion(targetFrom: number, at: number): number {
    if (this.bytes[targetFrom] !== SLASH) return BROKEN;
    this.httpVersion = '0.9';
    return this.readLineEnd(at);
  }

  /** `name: value CRLF`, or the empty line. A line that begins with a blank would continue the one before; no name does. */
  private readField(start: number): number {
    const { bytes } = this;
    if (bytes[start] === CR) {
      const end = this.readLineEnd(start);
      if (end >= 0) this.isWhole = true;
      return end;
    }
    let at = start;
    let hash = 0;
    for (let code = bytes[at] ?? 0; IS_TOKEN[code] === 1; code = bytes[at] ?? 0) {
      hash = (hash * 31 + code) | 0;
      at += 1;
    }
    if (at >= bytes.length) return MORE;
    if (at === start || bytes[at] !== COLON) return BROKEN;
    const nameEnd = at;
    at += 1;
    while (bytes[at] === SPACE || bytes[at] === TAB) at += 1;
    const valueFrom = at;
    let valueEnd = at;
    for (; at < bytes.length; at += 1) {
      const code = bytes[at] ?? 0;
      if (code > SPACE && code !== DEL) valueEnd = at + 1;
      else if (code !== SPACE && code !== TAB) break;
    }
    if (at >= bytes.length) return MORE;
    const end = this.readLineEnd(at);
    if (end >= 0)
      this.takeField(
        findFieldName(this.text, start - this.base, { end: nameEnd - this.base, hash }),
        this.slice(valueFrom, valueEnd),
      );
    return end;
  }

  /** Nothing but CRLF ends a line. */
  private readLineEnd(at: number): number {
    const { bytes } = this;
    if (at >= bytes.length) return MORE;
    if (bytes[at] !== CR) return BROKEN;
    if (at + 1 >= bytes.length) return MORE;
    return bytes[at + 1] === LF ? at + 2 : BROKEN;
  }

  private takeField({ text, meaning }: ReturnType<typeof findFieldName>, value: string): void {
    this.headers.push([text, value]);
    if (meaning === null) return;
    if (meaning === 'length') this.lengths = [...(this.lengths ?? NONE), value];
    else if (meaning === 'encoding') this.encodings = [...(this.encodings ?? NONE), value];
    else if (meaning === 'expect') this.expectations = [...(this.expectations ?? NONE), value];
    else if (meaning === 'upgrade') this.hasUpgrade = true;
    else {
      const options = value.toLowerCase();
      if (options.includes('close')) this.wantsClose ||= hasOption(options, 'close');
      if (options.includes('keep-alive')) this.wantsKeepAlive ||= hasOption(options, 'keep-alive');
    }
  }

  /** The whole head; then the next one may be read. undefined: it does not say where it ends, and `fault` says why. */
  take(): RequestHead | undefined {
    const { method, target, httpVersion, headers, hasUpgrade, expectations } = this;
    const isNew = httpVersion === '1.1';
    const keepsAlive = !this.wantsClose && (isNew || (httpVersion === '1.0' && this.wantsKeepAlive));
    const framing = checkBodyFraming(httpVersion, this.encodings ?? NONE, this.lengths ?? NONE);
    this.reset();
    if (!framing.ok) {
      this.fault = { code: 'bad-request', detail: `The request is refused: ${framing.detail}.` };
      return undefined;
    }
    const expectation = isNew && expectations ? expectations.join(', ') : null;
    return { method, target, httpVersion, headers, body: framing, keepsAlive, expectation, hasUpgrade };
  }

  private reset(): void {
    this.isWhole = false;
    this.text = '';
    this.earlierBytes = 0;
    this.method = '';
    this.headers = [];
    this.encodings = null;
    this.lengths = null;
    this.expectations = null;
    this.hasUpgrade = false;
    this.wantsClose = false;
    this.wantsKeepAlive = false;
  }

  private slice(start: number, end: number): string {
    return this.text.slice(start - this.base, end - this.base);
  }
}

/** Everything but blanks and control characters; what of it makes a target is the stages' to say. */
function isInTarget(code: number): boolean {
  return code > SPACE && code !== DEL;
}

function canBecomeVersion(text: string): boolean {
  for (const version of VERSIONS.keys()) if (version.startsWith(text)) return true;
  return false;
}

function hasOption(options: string, name: string): boolean {
  return options === name || options.split(',').some((option) => option.trim() === name);
}
