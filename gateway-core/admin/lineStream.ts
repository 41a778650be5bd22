// Lines of JSON for somebody who stays. Written as fast as they are read and no faster.
import type { ServerResponse } from 'node:http';

const HEARTBEAT_MS = 2_000;

interface LineSource {
  /** The next lines, each with its newline; empty when there is nothing now. */
  take(): string;
  /** Says that the stream lives, with where to go on after it broke. */
  beat(): string;
  close(): void;
}

/** `pump` is to be called when there is something to take. */
export function streamLines(res: ServerResponse, open: (pump: () => void) => LineSource): void {
  const source = open(pump);
  let pumping = false;

  function pump(): void {
    // While the reader is behind, `drain` calls again.
    if (pumping || res.destroyed || res.writableNeedDrain) return;
    const text = source.take();
    if (text === '') return;
    res.write(text);
    pumping = true;
    // A turn for the data path between two batches.
    setImmediate(() => {
      pumping = false;
      pump();
    });
  }

  function beat(): void {
    if (!res.writableNeedDrain) res.write(source.beat());
  }

  res.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
  beat();
  pump();
  const timer = setInterval(beat, HEARTBEAT_MS);
  res.on('drain', pump);
  res.on('close', () => {
    clearInterval(timer);
    source.close();
  });
}
