// Lines and logs for tests.
import type { LogLine } from '../../contract/index.ts';
import { parseLogLine, type RawLogLine } from '../docker/logStream.ts';
import type { LogSource } from './logSource.ts';
import { createPosition } from './position.ts';
import { toSeconds } from './stamps.ts';
import { toLogLine } from './toLogLine.ts';

/** So many nanoseconds after the beginning of a day. */
export function sampleStamp(nanoseconds: number): string {
  const seconds = new Date(Date.UTC(2026, 0, 2) + Math.floor(nanoseconds / 1e9) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${String(nanoseconds % 1e9).padStart(9, '0')}Z`;
}

export function sampleRaw(stamp: string, text: string): RawLogLine {
  return parseLogLine('stdout', Buffer.from(`${stamp} ${text}`));
}

export function sampleLine(stamp: string, text: string, service = 'api'): LogLine {
  return toLogLine({ service, container: `shop-${service}-1` }, sampleRaw(stamp, text));
}

/** As an engine answers: the last `tail` lines of all, of which those within the times. */
export function sampleSource(service: string, log: readonly (readonly [stamp: string, text: string])[]): LogSource {
  return {
    origin: { service, container: `shop-${service}-1` },
    position: createPosition(),
    async *read({ tail, since, until }) {
      const lines = tail === 'all' ? log : log.slice(Math.max(0, log.length - tail));
      yield lines
        .filter(
          ([stamp]) =>
            (since === undefined || toSeconds(stamp) >= since) && (until === undefined || toSeconds(stamp) <= until),
        )
        .map(([stamp, text]) => sampleRaw(stamp, text));
    },
  };
}
