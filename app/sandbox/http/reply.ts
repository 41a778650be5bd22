import type { ServerResponse } from 'node:http';
import type { Readable, Writable } from 'node:stream';

export interface EngineRequest {
  method: string;
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  /** The parsed JSON body, `undefined` when there is none. Throws EngineError 400 or 413. */
  json(): Promise<unknown>;
  /** The body as it comes, for what is not JSON. Whoever reads it bounds it. */
  body: AsyncIterable<Buffer>;
}

/** Writes a stream until it is done or `signal` says that the client has gone. */
export type StreamWriter = (response: ServerResponse, signal: AbortSignal) => Promise<void>;

/** A connection that has left HTTP behind. */
export interface Hijacked {
  /** null when the client did not ask for an upgrade: then it sends nothing more. */
  input: Readable | null;
  output: Writable;
  /** Aborted when the connection is gone; not when the client has only ended its half. */
  signal: AbortSignal;
}

export type Reply =
  | { kind: 'json'; status: number; body: unknown; headers?: Record<string, string> }
  | { kind: 'text'; status: number; body: string; headers: Record<string, string> }
  | { kind: 'empty'; status: number; headers?: Record<string, string> }
  | { kind: 'stream'; headers: Record<string, string>; write: StreamWriter }
  | { kind: 'hijack'; contentType: string; run: (connection: Hijacked) => Promise<void> };

export const json = (body: unknown, status = 200): Reply => ({ kind: 'json', status, body });
export const empty = (status: number): Reply => ({ kind: 'empty', status });
export const stream = (headers: Record<string, string>, write: StreamWriter): Reply => ({
  kind: 'stream',
  headers,
  write,
});

export const RAW_STREAM = 'application/vnd.docker.raw-stream';
export const MULTIPLEXED_STREAM = 'application/vnd.docker.multiplexed-stream';

/** The two kinds of stream that Docker has for what a container writes. */
export const toStreamType = (isTerminal: boolean) => (isTerminal ? RAW_STREAM : MULTIPLEXED_STREAM);

/** Docker reads a flag of a query as true unless it is absent, empty, 0, no, false or none. */
export function isSet(query: URLSearchParams, name: string): boolean {
  return !['', '0', 'no', 'false', 'none'].includes((query.get(name) ?? '').trim().toLowerCase());
}

/** A whole number of a query, `undefined` when absent or not a whole number. */
export function findWhole(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name) ?? '';
  return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
}
