import type { ServerResponse } from 'node:http';

export interface EngineRequest {
  method: string;
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  /** The parsed JSON body, `undefined` when there is none. Throws EngineError 400 or 413. */
  json(): Promise<unknown>;
}

/** Writes a stream until it is done or `signal` says that the client has gone. */
export type StreamWriter = (response: ServerResponse, signal: AbortSignal) => Promise<void>;

export type Reply =
  | { kind: 'json'; status: number; body: unknown }
  | { kind: 'text'; status: number; body: string; headers: Record<string, string> }
  | { kind: 'empty'; status: number }
  | { kind: 'stream'; headers: Record<string, string>; write: StreamWriter };

export const json = (body: unknown, status = 200): Reply => ({ kind: 'json', status, body });
export const empty = (status: number): Reply => ({ kind: 'empty', status });
export const stream = (headers: Record<string, string>, write: StreamWriter): Reply => ({
  kind: 'stream',
  headers,
  write,
});

/** Docker reads a flag of a query as true unless it is absent, empty, 0, no, false or none. */
export function isSet(query: URLSearchParams, name: string): boolean {
  return !['', '0', 'no', 'false', 'none'].includes((query.get(name) ?? '').trim().toLowerCase());
}

/** A whole number of a query, `undefined` when absent or not a whole number. */
export function findWhole(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name) ?? '';
  return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
}
