// JSON lines on stdout, one an event: level, time, service, message, the event's own fields and the trace that it is in.
import { currentTrace } from './tracing.ts';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LEVELS)[number];
export type LogFields = Record<string, string | number | boolean | undefined>;
export type Log = (level: LogLevel, message: string, fields?: LogFields) => void;

/** Reads LOG_LEVEL as people write it (DEBUG, WARNING, …). What is unknown means info. */
export function parseLogLevel(text: string | undefined): LogLevel {
  const wanted = (text ?? '').toLowerCase().replace('warning', 'warn').replace('critical', 'error');
  return LEVELS.find((level) => level === wanted) ?? 'info';
}

export function createLog(
  service: string,
  least: LogLevel,
  write: (line: string) => void = (line) => {
    process.stdout.write(line);
  },
): Log {
  return (level, message, fields = {}) => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(least)) return;
    const trace = currentTrace();
    const traced = trace && { trace_id: trace.traceId, span_id: trace.spanId };
    write(`${JSON.stringify({ level, time: new Date().toISOString(), service, message, ...traced, ...fields })}\n`);
  };
}
