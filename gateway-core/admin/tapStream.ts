// The tap as lines of JSON; what piles up while nobody reads is the tap's to drop.
import type { ServerResponse } from 'node:http';
import type { Core } from '../exchange/core.ts';
import type { ExchangeTest } from '../tap/exchangeFilter.ts';
import type { Viewer } from '../tap/tap.ts';
import { streamLines } from './lineStream.ts';
import { readResumeToken, toResumeToken } from './resumeToken.ts';

/** Rows serialised in one turn of the event loop, so that a backfill of thousands does not hold up the data path. */
const BATCH = 100;

interface TapStreamOptions {
  readonly backfill: number;
  readonly after: string | undefined;
  readonly fits: ExchangeTest | undefined;
}

export function streamTap({ tap, run }: Core, res: ServerResponse, { backfill, after, fits }: TapStreamOptions): void {
  streamLines(res, (pump) => {
    const point = after === undefined ? undefined : readResumeToken(after, run, tap.lastSequence);
    const viewer = tap.watch({ backfill, after: point?.sequence, fits, onWaiting: pump });
    let first = describeGap(viewer, point?.isEarlierRun ?? false);
    let seen = viewer.startsAfter;
    return {
      take() {
        const { exchanges, lost } = viewer.take(BATCH);
        let text = first;
        first = '';
        for (const exchange of exchanges) text += `${JSON.stringify({ type: 'exchange', exchange })}\n`;
        if (lost > 0) text += `${JSON.stringify({ type: 'lost', count: lost, why: 'slow' })}\n`;
        seen = exchanges.at(-1)?.sequence ?? seen;
        return text;
      },
      beat() {
        const { kept, bytes, capacityBytes } = tap.stats();
        return `${JSON.stringify({ type: 'heartbeat', stats: { kept, bytes, capacityBytes }, resume: toResumeToken(run, seen) })}\n`;
      },
      close: () => viewer.close(),
    };
  });
}

/** What cannot be made good is said before anything else comes. */
function describeGap({ gone }: Viewer, isEarlierRun: boolean): string {
  const restarted = isEarlierRun ? `${JSON.stringify({ type: 'restarted' })}\n` : '';
  return gone > 0 ? `${restarted}${JSON.stringify({ type: 'lost', count: gone, why: 'gone' })}\n` : restarted;
}
