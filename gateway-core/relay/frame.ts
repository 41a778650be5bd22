// The relay's frames on the wire: streamId u32, type u8, length u32 (all big-endian), payload. Pure; both ends use it.

/** Both ends say it in their first frame, and part when it differs. */
export const protocolVersion = 1;
/** No payload is longer, whatever a header says: what is kept of an unfinished frame never exceeds this. */
export const payloadLimitBytes = 64 * 1024;

const headerBytes = 9;

interface Rule {
  readonly code: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  /** Whether it belongs to a connection; the others carry stream id 0. */
  readonly ofStream: boolean;
}

const textLimitBytes = 1024;

const rules = {
  hello: { code: 1, minBytes: 2, maxBytes: 4096, ofStream: false },
  open: { code: 2, minBytes: 1, maxBytes: textLimitBytes, ofStream: true },
  opened: { code: 3, minBytes: 0, maxBytes: 0, ofStream: true },
  refused: { code: 4, minBytes: 0, maxBytes: textLimitBytes, ofStream: true },
  data: { code: 5, minBytes: 1, maxBytes: payloadLimitBytes, ofStream: true },
  /** Nothing more comes in this direction. */
  end: { code: 6, minBytes: 0, maxBytes: 0, ofStream: true },
  reset: { code: 7, minBytes: 0, maxBytes: textLimitBytes, ofStream: true },
  /** u32: so many more bytes of data may be sent. */
  window: { code: 8, minBytes: 4, maxBytes: 4, ofStream: true },
  ping: { code: 9, minBytes: 8, maxBytes: 8, ofStream: false },
  pong: { code: 10, minBytes: 8, maxBytes: 8, ofStream: false },
} as const satisfies Record<string, Rule>;

export type FrameType = keyof typeof rules;

const typesByCode = new Map(Object.entries(rules).map(([type, { code }]) => [code as number, type as FrameType]));

export interface Frame {
  readonly streamId: number;
  readonly type: FrameType;
  readonly payload: Buffer;
}

/** What came is not this protocol. The connection cannot go on: where the next frame begins is not known. */
export class RelayProtocolError extends Error {
  constructor(message: string) {
    super(`relay protocol: ${message}`);
    this.name = 'RelayProtocolError';
  }
}

const nothing = Buffer.alloc(0);
/** A payload may keep so many times its own size in memory. */
const keptShare = 2;

/** The header and the payload, to be written one after the other. Throws RelayProtocolError for a frame that no peer would take. */
export function encodeFrame({ streamId, type, payload }: Frame): [header: Buffer, payload: Buffer] {
  requireFits(type, streamId, payload.length);
  const header = Buffer.allocUnsafe(headerBytes);
  header.writeUInt32BE(streamId, 0);
  header.writeUInt8(rules[type].code, 4);
  header.writeUInt32BE(payload.length, 5);
  return [header, payload];
}

/** A reason or target as a payload: cut to what a frame may carry. */
export function toTextPayload(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  return bytes.length <= textLimitBytes ? bytes : bytes.subarray(0, textLimitBytes);
}

export function toWindowPayload(bytes: number): Buffer {
  const payload = Buffer.allocUnsafe(4);
  payload.writeUInt32BE(bytes, 0);
  return payload;
}

/**
 * Feed it what comes, in pieces of any size; it gives whole frames. Payloads are copies, so that a small one does not
 * keep the whole chunk it came in; one that is a good part of its chunk stays in it, since copies of that size cost a
 * fifth of the time in garbage collection. Throws RelayProtocolError as soon as a header is wrong; it is of no use afterwards.
 */
export function createFrameDecoder(): { push(chunk: Buffer): Frame[] } {
  const header = Buffer.alloc(headerBytes);
  let headerFilled = 0;
  let open: { streamId: number; type: FrameType; payload: Buffer; filled: number } | undefined;

  return {
    push(chunk) {
      const frames: Frame[] = [];
      let offset = 0;
      while (offset < chunk.length) {
        if (!open) {
          const copied = chunk.copy(header, headerFilled, offset);
          offset += copied;
          headerFilled += copied;
          if (headerFilled < headerBytes) break;
          headerFilled = 0;
          const { length, ...head } = parseHeader(header);
          if (length * keptShare >= chunk.buffer.byteLength && chunk.length - offset >= length) {
            frames.push({ ...head, payload: chunk.subarray(offset, offset + length) });
            offset += length;
            continue;
          }
          open = { ...head, payload: length === 0 ? nothing : Buffer.allocUnsafeSlow(length), filled: 0 };
        }
        const copied = chunk.copy(open.payload, open.filled, offset);
        offset += copied;
        open.filled += copied;
        if (open.filled < open.payload.length) break;
        const { streamId, type, payload } = open;
        open = undefined;
        frames.push({ streamId, type, payload });
      }
      return frames;
    },
  };
}

function parseHeader(header: Buffer) {
  const streamId = header.readUInt32BE(0);
  const code = header.readUInt8(4);
  const length = header.readUInt32BE(5);
  const type = typesByCode.get(code);
  if (!type) throw new RelayProtocolError(`there is no frame type ${code}`);
  requireFits(type, streamId, length);
  return { streamId, type, length };
}

function requireFits(type: FrameType, streamId: number, length: number): void {
  const { minBytes, maxBytes, ofStream } = rules[type];
  if (length < minBytes || length > maxBytes) {
    throw new RelayProtocolError(`a frame "${type}" has ${length} bytes; it may have ${minBytes} to ${maxBytes}`);
  }
  if (streamId === 0 ? ofStream : !ofStream) {
    throw new RelayProtocolError(
      `a frame "${type}" belongs ${ofStream ? 'to a stream' : 'to none'}, not to ${streamId}`,
    );
  }
}
