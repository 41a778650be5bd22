// Spans for tests; a test states only what it is about.
import type { RawSpan } from '../rawSpan.ts';

export const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
/** Epoch microseconds at which traces of tests begin. */
export const ZERO = Date.parse('2026-03-01T12:00:00Z') * 1000;

/** `from` and `to` in microseconds after the beginning. */
export function span(id: string, from: number, to: number, given: Partial<RawSpan> = {}): RawSpan {
  return {
    traceId: TRACE,
    id,
    parentId: null,
    service: 'shop',
    name: id,
    kind: 'internal',
    startUs: ZERO + from,
    durationUs: to - from,
    status: 'unset',
    error: null,
    attributes: [],
    resource: [],
    events: [],
    links: [],
    ...given,
  };
}

export const child = (parentId: string, given: Partial<RawSpan> = {}): Partial<RawSpan> => ({ parentId, ...given });
