// JSON lines, one a fact. Values may come from the network: JSON keeps a newline in them from faking a line, and what would
// act on a terminal or turn its text round is escaped too.

export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

export const silentLog: Log = { info() {}, warn() {}, error() {} };

/** Warns about one key at most once in `everyMs`; the next line says how many were left out. Keys must be a bounded set. */
export function createLimitedWarning(log: Log, everyMs: number, now: () => number = () => performance.now()) {
  const seen = new Map<string, { at: number; suppressed: number }>();
  return (key: string, message: string, fields: Record<string, unknown>): void => {
    const last = seen.get(key);
    if (last && now() - last.at < everyMs) {
      last.suppressed += 1;
      return;
    }
    seen.set(key, { at: now(), suppressed: 0 });
    log.warn(message, last && last.suppressed > 0 ? { ...fields, suppressed: last.suppressed } : fields);
  };
}

export function createLog(write: (line: string) => void): Log {
  const at = (level: 'info' | 'warn' | 'error') => (message: string, fields?: Record<string, unknown>) =>
    write(`${escapeUnsafe(JSON.stringify({ time: new Date().toISOString(), level, msg: message, ...fields }))}\n`);
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

/** What JSON leaves as it is: C1 controls, line separators, and the marks that reorder text. */
const UNSAFE = /[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

function escapeUnsafe(json: string): string {
  return json.replace(UNSAFE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
