// One finished exchange as the tap keeps it. Everything secret is gone before it gets here.
import type { BreakerState } from '../breaker/breaker.ts';
import type { StageRecord } from '../stages/runStages.ts';
import type { BodyPreview } from './bodyPreview.ts';

/** A row of the tap. */
export interface ExchangeRow {
  id: string;
  sequence: number;
  gateway: string;
  at: number;
  method: string;
  host: string;
  path: string;
  route: string | null;
  upstream: string | null;
  status: number | null;
  code: string | null;
  note: string | null;
  durationMs: number;
  upstreamMs: number | null;
  requestBytes: number;
  responseBytes: number;
  client: string;
  protocol: 'http' | 'websocket';
  traceId: string;
  breaker: BreakerState | null;
  demo: boolean;
}

export interface ExchangeDetail extends ExchangeRow {
  canonicalPath: string | null;
  forwardedPath: string | null;
  /** Who the caller was, as far as the configuration lets it be recorded. */
  subject: string | null;
  target: string | null;
  stages: StageRecord[];
  requestHeaders: [string, string][];
  responseHeaders: [string, string][];
  /** null: not kept. */
  requestBody: BodyPreview | null;
  responseBody: BodyPreview | null;
}

/** Objects, arrays and numbers of one record, roughly, as V8 lays them out. */
const FIXED_BYTES = 1_800;
const STRING_BYTES = 24;
/** The array that holds a name and a value. */
const PAIR_BYTES = 64;

/** How much memory a record takes, near enough to bound a ring by it. */
export function measureRecord(detail: ExchangeDetail): number {
  let bytes = FIXED_BYTES;
  const add = (text: string | null): void => {
    if (text !== null) bytes += STRING_BYTES + text.length;
  };
  for (const text of [detail.id, detail.host, detail.path, detail.note, detail.client, detail.traceId, detail.subject])
    add(text);
  for (const text of [detail.canonicalPath, detail.forwardedPath, detail.target]) add(text);
  for (const stage of detail.stages) add(stage.sentence);
  for (const list of [detail.requestHeaders, detail.responseHeaders])
    for (const [name, value] of list) {
      bytes += PAIR_BYTES;
      add(name);
      add(value);
    }
  // Two bytes a character, since one beyond Latin-1 makes V8 store all of them so.
  for (const body of [detail.requestBody, detail.responseBody])
    if (body) bytes += PAIR_BYTES + STRING_BYTES + body.contentType.length + 2 * body.text.length;
  return bytes;
}

export function toRow(detail: ExchangeDetail): ExchangeRow {
  const { canonicalPath, forwardedPath, subject, target, stages, ...rest } = detail;
  const { requestHeaders, responseHeaders, requestBody, responseBody, ...row } = rest;
  return row;
}
