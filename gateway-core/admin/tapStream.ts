// The tap as lines of JSON. Writes as fast as the viewer reads and no faster; what piles up meanwhile is the tap's to drop.
import type { ServerResponse } from 'node:http';
import type { Tap } from '../tap/tap.ts';

const HEARTBEAT_MS = 2_000;
/** Rows serialised in one turn of the event loop, so that a backfill of thousands does not hold up the data path. */
const BATCH = 100;

export function streamTap(tap: Tap, res: ServerResponse, backfill: number): void {
  const viewer = tap.watch({ backfill, onWaiting: pump });
  let pumping = false;

  function pump(): void {
    // While the viewer is behind, `drain` calls again.
    if (pumping || res.destroyed || res.writableNeedDrain) return;
    const { exchanges, lost } = viewer.take(BATCH);
    if (exchanges.length === 0 && lost === 0) return;
    let text = '';
    for (const exchange of exchanges) text += `${JSON.stringify({ type: 'exchange', exchange })}\n`;
    if (lost > 0) text += `${JSON.stringify({ type: 'lost', count: lost })}\n`;
    res.write(text);
    pumping = true;
    setImmediate(() => {
      pumping = false;
      pump();
    });
  }

  function beat(): void {
    if (res.writableNeedDrain) return;
    const { kept, bytes, capacityBytes } = tap.stats();
    res.write(`${JSON.stringify({ type: 'heartbeat', stats: { kept, bytes, capacityBytes } })}\n`);
  }

  res.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
  beat();
  pump();
  const timer = setInterval(beat, HEARTBEAT_MS);
  res.on('drain', pump);
  res.on('close', () => {
    clearInterval(timer);
    viewer.close();
  });
}
