// The access log of one gateway: a line for each finished exchange, where that is configured.
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../clock/clock.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { toAccessLine } from './accessLine.ts';
import { type LineCounts, LineWriter } from './lineWriter.ts';
import type { AccessLogConfig } from './telemetrySection.ts';

export interface AccessLog {
  readonly isOn: boolean;
  record(exchange: Exchange, durationMs: number): void;
  /** Another file or stream; what waits for the old one is still written there. */
  reconcile(config: AccessLogConfig | null): void;
  reopen(): void;
  counts(): Readonly<LineCounts>;
  close(timeoutMs: number): Promise<void>;
}

/** Called for each failed write; may be limited. */
type Warn = (message: string, fields: Record<string, unknown>) => void;

/** What waits for a file that is no longer the configured one gets this long. */
const OLD_FILE_MS = 5_000;
/** A file that could not be opened is not tried at each request: opening waits for the disk. */
const TRY_AGAIN_MS = 1_000;

interface AccessLogOptions {
  readonly config: AccessLogConfig | null;
  readonly clock: Clock;
  readonly warn: Warn;
}

export function createAccessLog({ config: first, clock, warn }: AccessLogOptions): AccessLog {
  const counts: LineCounts = { written: 0, dropped: 0 };
  let config = first;
  let writer: LineWriter | undefined;
  let tryAgainAt = Number.NEGATIVE_INFINITY;

  function findWriter({ to, queueBytes }: AccessLogConfig): LineWriter | undefined {
    if (writer || clock.monotonic() < tryAgainAt) return writer;
    const onFailure = (reason: string) => warn('the access log was not written', { to, reason });
    try {
      writer = new LineWriter({ to, queueBytes, counts, onFailure });
    } catch (error) {
      tryAgainAt = clock.monotonic() + TRY_AGAIN_MS;
      onFailure(error instanceof Error ? error.message : String(error));
    }
    return writer;
  }

  return {
    get isOn() {
      return config !== null;
    },
    record(exchange, durationMs) {
      if (config === null) return;
      const open = findWriter(config);
      if (open) open.write(toAccessLine(exchange, durationMs));
      else counts.dropped += 1;
    },
    reconcile(next) {
      if (JSON.stringify(next) === JSON.stringify(config)) return;
      config = next;
      void writer?.close(OLD_FILE_MS);
      writer = undefined;
    },
    reopen: () => writer?.reopen(),
    counts: () => counts,
    async close(timeoutMs) {
      config = null;
      await writer?.close(timeoutMs);
      writer = undefined;
    },
  };
}

/** Throws, with the remedy, when the file could not be written. */
export function checkAccessLog(config: AccessLogConfig | null): void {
  if (config === null || config.to === 'stdout' || config.to === 'stderr') return;
  const isThere = existsSync(config.to);
  if (isThere && !statSync(config.to).isFile()) throw new Error(`telemetry.accessLog.to: ${config.to} is not a file`);
  const needed = isThere ? config.to : dirname(config.to);
  try {
    accessSync(needed, constants.W_OK);
  } catch {
    throw new Error(`telemetry.accessLog.to: ${needed} is not there or may not be written; create it or name another`);
  }
}
