// The beginning of a body, for who looks for the reason of an answer. Off unless configured; text only, redacted, bounded
// for each body and for all that run.
import { findSingle, type HeaderList, hasHeader } from '../headers/headerList.ts';
import { REDACTED, type Redaction, redactQuery, redactTokens } from './redact.ts';
import { redactJson } from './redactJson.ts';

export interface BodyPreview {
  contentType: string;
  text: string;
  /** The body went on. */
  isCut: boolean;
}

type Kind = 'json' | 'form' | 'text';

export interface PreviewBounds {
  /** Of each body; 0 keeps none. */
  bodyPreviewBytes: number;
  /** Of all bodies that have not ended. */
  runningBytes: number;
}

export interface Previews {
  /** null: this body is not kept, or there is no room for it now. */
  begin(headers: HeaderList): PreviewInProgress | null;
  configure(bounds: PreviewBounds): void;
}

export interface PreviewInProgress {
  add(chunk: Buffer): void;
  /** Redacts and gives the room back. Call it once, whatever became of the exchange. */
  finish(redaction: Redaction): BodyPreview | null;
}

export function createPreviews(first: PreviewBounds): Previews {
  let bounds = first;
  let runningBytes = 0;
  return {
    configure(next) {
      bounds = next;
    },
    begin(headers) {
      const limitBytes = bounds.bodyPreviewBytes;
      if (limitBytes === 0 || runningBytes + limitBytes > bounds.runningBytes) return null;
      const contentType = findSingle(headers, 'content-type') ?? '';
      const kind = findKind(contentType);
      // Compressed bytes show nothing, and unpacking them would be work that a caller can make as large as it likes.
      if (!kind || hasHeader(headers, 'content-encoding')) return null;
      runningBytes += limitBytes;
      return new Collector({ kind, contentType, limitBytes }, () => {
        runningBytes -= limitBytes;
      });
    },
  };
}

/** Event streams and multipart bodies are text too, but no preview could tell their secrets. */
function findKind(contentType: string): Kind | undefined {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (/^application\/(?:[a-z0-9.+-]+\+)?json$|^application\/(?:x-)?ndjson$|^application\/jsonl$/.test(type))
    return 'json';
  if (type === 'application/x-www-form-urlencoded') return 'form';
  if (type === 'text/event-stream') return undefined;
  return /^text\/|^application\/(?:[a-z0-9.+-]+\+)?xml$/.test(type) ? 'text' : undefined;
}

interface CollectorOptions {
  readonly kind: Kind;
  readonly contentType: string;
  readonly limitBytes: number;
}

class Collector implements PreviewInProgress {
  private readonly options: CollectorOptions;
  private readonly free: () => void;
  private chunks: Buffer[] = [];
  private bytes = 0;
  private isCut = false;

  constructor(options: CollectorOptions, free: () => void) {
    this.options = options;
    this.free = free;
  }

  add(chunk: Buffer): void {
    const room = this.options.limitBytes - this.bytes;
    if (chunk.length > room) this.isCut = true;
    if (room <= 0) return;
    // A copy: the chunk is a view of a larger buffer, which it would keep.
    const part = Buffer.from(chunk.subarray(0, room));
    this.chunks.push(part);
    this.bytes += part.length;
  }

  finish(redaction: Redaction): BodyPreview | null {
    this.free();
    const { kind, contentType } = this.options;
    if (this.bytes === 0) return null;
    const text = redactBody(decode(Buffer.concat(this.chunks), contentType), kind, redaction);
    this.chunks = [];
    return { contentType: contentType.slice(0, 128), text, isCut: this.isCut };
  }
}

/** A character that is cut at the end is left out. */
function decode(bytes: Buffer, contentType: string): string {
  const isLatin = /charset\s*=\s*"?(?:iso-8859-1|us-ascii|windows-1252)/i.test(contentType);
  return isLatin ? bytes.toString('latin1') : new TextDecoder().decode(bytes, { stream: true });
}

function redactBody(text: string, kind: Kind, redaction: Redaction): string {
  if (kind === 'json') return redactTokens(redactJson(text, redaction.isSecretField));
  const isSecret = (name: string) => redaction.isSecretField(name) || redaction.isSecretParameter(name);
  if (kind === 'form') return redactTokens(redactQuery(text, isSecret));
  return redactTokens(redactLooseText(text, redaction));
}

/** `name: value`, `name="value"` and `<name>value</name>` in text of no known grammar: as good as it gets, and bounded in time. */
const PAIR = /(["']?)([A-Za-z][\w.-]{0,63})\1(\s{0,8}[:=]\s{0,8})(["']?)([^\s"'&;,<>]{1,65536})/g;
const ELEMENT = /(<([A-Za-z][\w.:-]{0,63})(?:\s[^<>]{0,512})?>)([^<]{1,65536})/g;
const SCHEME = /\b(Bearer|Basic|Digest)(\s{1,8})[A-Za-z0-9._~+/=-]{4,65536}/gi;

function redactLooseText(text: string, { isSecretField }: Redaction): string {
  return text
    .replace(SCHEME, `$1$2${REDACTED}`)
    .replace(ELEMENT, (all, tag: string, name: string) => (isSecretField(name) ? `${tag}${REDACTED}` : all))
    .replace(PAIR, (all, open: string, name: string, sign: string, quote: string) =>
      isSecretField(name) ? `${open}${name}${open}${sign}${quote}${REDACTED}` : all,
    );
}
