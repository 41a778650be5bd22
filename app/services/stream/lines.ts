/** Splits a stream of text into lines of bounded length; the rest of a longer line is dropped. */
export function createLineSplitter(limitBytes: number): { push(chunk: Buffer): Buffer[]; rest(): Buffer | undefined } {
  let parts: Buffer[] = [];
  let length = 0;

  const keep = (part: Buffer) => {
    const room = limitBytes - length;
    if (room > 0 && part.length > 0) {
      parts.push(part.length > room ? part.subarray(0, room) : part);
      length += Math.min(part.length, room);
    }
  };
  const take = (): Buffer => {
    const line = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
    parts = [];
    length = 0;
    return line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
  };

  return {
    push(chunk) {
      const lines: Buffer[] = [];
      let start = 0;
      for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
        keep(chunk.subarray(start, end));
        lines.push(take());
        start = end + 1;
      }
      keep(chunk.subarray(start));
      return lines;
    },
    rest() {
      return length > 0 ? take() : undefined;
    },
  };
}
