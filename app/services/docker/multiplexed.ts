// Docker's framing of a container's output without a terminal: stream u8, three zero bytes, length u32, bytes.

export type OutputStream = 'stdout' | 'stderr';

const headerBytes = 8;

/** Feed it the bytes of an answer, in pieces of any size. The size in a header is never allocated, only counted down. */
export function createDemultiplexer(take: (stream: OutputStream, bytes: Buffer) => void): (chunk: Buffer) => void {
  const header = Buffer.alloc(headerBytes);
  let headerFilled = 0;
  let stream: OutputStream = 'stdout';
  let left = 0;

  return (chunk) => {
    let offset = 0;
    while (offset < chunk.length) {
      if (left === 0) {
        const copied = chunk.copy(header, headerFilled, offset);
        offset += copied;
        headerFilled += copied;
        if (headerFilled < headerBytes) return;
        headerFilled = 0;
        stream = header[0] === 2 ? 'stderr' : 'stdout';
        left = header.readUInt32BE(4);
        continue;
      }
      const body = chunk.subarray(offset, offset + left);
      offset += body.length;
      left -= body.length;
      take(stream, body);
    }
  };
}
