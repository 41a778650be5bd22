import type { LogLine } from '../../contract/index.ts';

type LogLevel = NonNullable<LogLine['level']>;

const byName: Record<string, LogLevel> = {
  trace: 'debug',
  debug: 'debug',
  info: 'info',
  notice: 'info',
  warn: 'warn',
  warning: 'warn',
  error: 'error',
  err: 'error',
  critical: 'error',
  fatal: 'error',
  panic: 'error',
};

/** The level of a JSON log line: names of the usual loggers, or pino's numbers. null for other text. */
export function findLogLevel(text: string): LogLevel | null {
  // A cut or a plain line is not worth a parse.
  if (!text.startsWith('{') || !text.endsWith('}')) return null;
  try {
    const { level, severity, lvl } = JSON.parse(text) as Record<string, unknown>;
    return toLevel(level ?? severity ?? lvl);
  } catch {
    return null;
  }
}

function toLevel(value: unknown): LogLevel | null {
  if (typeof value === 'string') return byName[value.toLowerCase()] ?? null;
  if (typeof value !== 'number') return null;
  if (value >= 50) return 'error';
  if (value >= 40) return 'warn';
  return value >= 30 ? 'info' : 'debug';
}
