// Breaker transitions, configurations and the drain as lines of JSON. The kept events are the queue: a slow reader costs nothing.
import type { ServerResponse } from 'node:http';
import type { Core } from '../exchange/core.ts';
import { streamLines } from './lineStream.ts';
import { readResumeToken, toResumeToken } from './resumeToken.ts';

export function streamEvents({ events, run }: Core, res: ServerResponse, after: string | undefined): void {
  streamLines(res, (pump) => {
    const point = after === undefined ? undefined : readResumeToken(after, run, events.lastSequence);
    let first = point?.isEarlierRun ? `${JSON.stringify({ type: 'restarted' })}\n` : '';
    let seen = point?.sequence ?? events.lastSequence;
    const unsubscribe = events.subscribe(pump);
    return {
      take() {
        const { events: missed, gone } = events.since(seen);
        let text = first;
        first = '';
        if (gone > 0) text += `${JSON.stringify({ type: 'lost', count: gone, why: 'gone' })}\n`;
        for (const event of missed) text += `${JSON.stringify(event)}\n`;
        seen = events.lastSequence;
        return text;
      },
      beat: () => `${JSON.stringify({ type: 'heartbeat', resume: toResumeToken(run, seen) })}\n`,
      close: unsubscribe,
    };
  });
}
