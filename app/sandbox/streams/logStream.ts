// The answer to GET /containers/{id}/logs: which lines, and how they are framed.
import type { Writable } from 'node:stream';
import { EngineError } from '../http/engineError.ts';
import { findWhole, isSet } from '../http/reply.ts';
import type { ContainerLog, LogEntry } from './containerLog.ts';
import { follow } from './journal.ts';
import { parseTimeMicros } from './time.ts';
import { writeBounded } from './writeBounded.ts';

export interface LogQuery {
  stdout: boolean;
  stderr: boolean;
  follow: boolean;
  timestamps: boolean;
  /** Lines from the end; undefined is all. */
  tail: number | undefined;
  sinceMicros: number;
  untilMicros: number;
}

export function parseLogQuery(query: URLSearchParams): LogQuery {
  const stdout = isSet(query, 'stdout');
  const stderr = isSet(query, 'stderr');
  if (!stdout && !stderr) throw new EngineError(400, 'Bad parameters: you must choose at least one stream');
  const tail = findWhole(query, 'tail');
  return {
    stdout,
    stderr,
    follow: isSet(query, 'follow'),
    timestamps: isSet(query, 'timestamps'),
    // As Docker has it: `all`, or anything that is not a number of lines, is all.
    tail: tail !== undefined && tail >= 0 ? tail : undefined,
    sinceMicros: parseTimeMicros(query.get('since')) ?? 0,
    // 0 is what the docker command sends for "no end".
    untilMicros: parseTimeMicros(query.get('until')) || Number.POSITIVE_INFINITY,
  };
}

export function isWanted(query: LogQuery, entry: LogEntry): boolean {
  return query[entry.stream] && entry.atMicros >= query.sinceMicros && entry.atMicros <= query.untilMicros;
}

/** Where to begin so that exactly the last `tail` wanted lines come. */
export function findTailPosition(log: ContainerLog, query: LogQuery): number {
  const { entries, next } = log.journal.read(0);
  const oldest = next - entries.length;
  if (query.tail === undefined) return oldest;
  let left = query.tail;
  for (let index = entries.length - 1; index >= 0; index -= 1) {
    if (left === 0) return oldest + index + 1;
    const entry = entries[index];
    if (entry !== undefined && isWanted(query, entry)) left -= 1;
  }
  return left === 0 && query.tail === 0 ? next : oldest;
}

/** Docker's multiplexed stream: one byte of stream, three of zero, four of length (big-endian), then the payload. */
export function toFrame(entry: LogEntry, options: { timestamps: boolean; raw: boolean }): Buffer {
  const stamp = options.timestamps ? Buffer.from(`${formatMicros(entry.atMicros)} `) : Buffer.alloc(0);
  const payload = Buffer.concat([stamp, entry.line]);
  if (options.raw) return payload;
  const header = Buffer.alloc(8);
  header[0] = entry.stream === 'stdout' ? 1 : 2;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

/** RFC 3339 with nine digits after the point, as Docker stamps lines. */
export function formatMicros(micros: number): string {
  const seconds = new Date(Math.floor(micros / 1_000_000) * 1_000).toISOString().slice(0, 19);
  return `${seconds}.${String(micros % 1_000_000).padStart(6, '0')}000Z`;
}

export interface LogTarget {
  output: Writable;
  signal: AbortSignal;
  raw: boolean;
  /** Whether more may come. */
  isLive: () => boolean;
}

export async function writeLog(log: ContainerLog, query: LogQuery, target: LogTarget): Promise<void> {
  const { output, signal, raw } = target;
  const isLive = () => query.follow && target.isLive() && Date.now() * 1_000 <= query.untilMicros;
  for await (const entry of follow(log.journal, findTailPosition(log, query), { isLive, signal })) {
    if (entry.atMicros > query.untilMicros) return;
    if (isWanted(query, entry))
      await writeBounded(output, toFrame(entry, { timestamps: query.timestamps, raw }), signal);
  }
}

/** What POST /containers/{id}/attach shows: the log from `position` on, as it was written. */
export async function writeAttached(
  log: ContainerLog,
  wanted: { stdout: boolean; stderr: boolean },
  { output, signal, raw, isLive, position }: LogTarget & { position: number },
): Promise<void> {
  for await (const entry of follow(log.journal, position, { isLive, signal })) {
    if (wanted[entry.stream]) await writeBounded(output, toFrame(entry, { timestamps: false, raw }), signal);
  }
}
