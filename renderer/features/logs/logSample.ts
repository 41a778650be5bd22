// A log line for tests.
import type { LogLine } from '../../../app/contract/index.ts';

export function sampleLine(message: string, parts: Partial<LogLine> = {}): LogLine {
  return {
    at: 0,
    stamp: '',
    service: 'search',
    container: 'shop-platform-search-1',
    stream: 'stdout',
    level: 'info',
    text: message,
    message,
    fields: [],
    traceId: null,
    requestId: null,
    styles: [],
    hits: [],
    isHit: false,
    cut: false,
    late: false,
    ...parts,
  };
}
