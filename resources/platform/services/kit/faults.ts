// Faults on demand, for trying out breakers and timeouts: `?delay_ms=` and `?status=`. Both do nothing unless
// GATEHOUSE_FAULTS=1, and an answer that was tampered with says so in its x-gatehouse-fault header.

export const FAULT_DELAY_LIMIT_MS = 10_000;

export interface Fault {
  delayMs: number;
  /** null: the real answer is given. */
  status: number | null;
  /** What was asked for, for the answer's header; null when nothing was. */
  said: string | null;
}

const NO_FAULT: Fault = { delayMs: 0, status: null, said: null };

export function parseFault(query: URLSearchParams, allowed: boolean): Fault {
  if (!allowed) return NO_FAULT;
  const delay = toInteger(query.get('delay_ms'));
  const status = toInteger(query.get('status'));
  const delayMs = delay === null ? 0 : Math.min(Math.max(delay, 0), FAULT_DELAY_LIMIT_MS);
  const wanted = status !== null && status >= 200 && status <= 599 ? status : null;
  const said = [delayMs > 0 ? `delay_ms=${delayMs}` : '', wanted !== null ? `status=${wanted}` : '']
    .filter((part) => part !== '')
    .join(', ');
  return said === '' ? NO_FAULT : { delayMs, status: wanted, said };
}

function toInteger(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
