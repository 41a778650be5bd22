// An exchange as texts and numbers and back, for the memory that the ring keeps it in.
import type { BodyPreview } from './bodyPreview.ts';
import type { ExchangeDetail, ExchangeRow, TryRecord } from './exchangeRecord.ts';
import type { SlabRecord } from './slab.ts';

type StageRecord = ExchangeDetail['stages'][number];

const OUTCOMES = ['pass', 'stop', 'skip'] as const;
/** Names of stages by number; there are as many as the code has. */
const stageNames: string[] = [];
const stageNumbers = new Map<string, number>();

/** Used for one record after the other: arrays that grow anew for each were a tenth of what a request allocates. */
const texts: (string | null)[] = [];
const numbers: number[] = [];

/** Valid until the next call. */
export function encodeExchange(detail: ExchangeDetail): SlabRecord {
  texts.length = 0;
  numbers.length = 0;
  encodeRow(detail);
  texts.push(detail.canonicalPath, detail.forwardedPath, detail.subject, detail.target);
  encodeBody(detail.requestBody);
  encodeBody(detail.responseBody);
  const { tries, requestHeaders, responseHeaders, stages } = detail;
  numbers.push(tries.length, requestHeaders.length, responseHeaders.length, stages.length);
  for (const { replica, status, failure, ms } of tries) {
    texts.push(replica, failure);
    numbers.push(status ?? Number.NaN, ms);
  }
  for (const [name, value] of requestHeaders) texts.push(name, value);
  for (const [name, value] of responseHeaders) texts.push(name, value);
  for (const { stage, outcome, sentence, startMs, durationMs } of stages) {
    texts.push(sentence);
    numbers.push(toStageNumber(stage), OUTCOMES.indexOf(outcome), startMs, durationMs);
  }
  return { texts, numbers };
}

function encodeRow(row: ExchangeRow): void {
  texts.push(row.id, row.gateway, row.method, row.host, row.path, row.route, row.upstream);
  texts.push(row.code, row.note, row.client, row.protocol, row.traceId, row.breaker, row.fallback, row.replayOf);
  numbers.push(row.sequence, row.at, row.status ?? Number.NaN, row.durationMs, row.upstreamMs ?? Number.NaN);
  numbers.push(row.requestBytes, row.responseBytes, row.demo ? 1 : 0);
}

function encodeBody(body: BodyPreview | null): void {
  texts.push(body?.contentType ?? null, body?.text ?? null);
  numbers.push(body?.isCut ? 1 : 0);
}

function toStageNumber(name: string): number {
  const known = stageNumbers.get(name);
  if (known !== undefined) return known;
  stageNumbers.set(name, stageNames.length);
  return stageNames.push(name) - 1;
}

export function decodeRow(record: SlabRecord): ExchangeRow {
  return readRow(new Reader(record));
}

export function decodeExchange(record: SlabRecord): ExchangeDetail {
  const from = new Reader(record);
  const row = readRow(from);
  const paths = {
    canonicalPath: from.nullableText(),
    forwardedPath: from.nullableText(),
    subject: from.nullableText(),
    target: from.nullableText(),
  };
  const bodies = { requestBody: readBody(from), responseBody: readBody(from) };
  const [tries, requestHeaders, responseHeaders, stages] = [from.number(), from.number(), from.number(), from.number()];
  return {
    ...row,
    ...paths,
    ...bodies,
    tries: repeat(tries, () => readTry(from)),
    requestHeaders: repeat(requestHeaders, (): [string, string] => [from.text(), from.text()]),
    responseHeaders: repeat(responseHeaders, (): [string, string] => [from.text(), from.text()]),
    stages: repeat(stages, () => readStage(from)),
  };
}

function repeat<T>(count: number, read: () => T): T[] {
  return Array.from({ length: count }, read);
}

/** One text or number after the other, in the order in which they were written. */
class Reader {
  private readonly record: SlabRecord;
  private textAt = 0;
  private numberAt = 0;

  constructor(record: SlabRecord) {
    this.record = record;
  }

  nullableText(): string | null {
    return this.record.texts[this.textAt++] ?? null;
  }

  text(): string {
    return this.nullableText() ?? '';
  }

  number(): number {
    return this.record.numbers[this.numberAt++] ?? 0;
  }

  nullableNumber(): number | null {
    const value = this.number();
    return Number.isNaN(value) ? null : value;
  }
}

/** In the order of encodeRow: members of a literal are read from first to last. */
function readRow(from: Reader): ExchangeRow {
  return {
    id: from.text(),
    gateway: from.text(),
    method: from.text(),
    host: from.text(),
    path: from.text(),
    route: from.nullableText(),
    upstream: from.nullableText(),
    code: from.nullableText(),
    note: from.nullableText(),
    client: from.text(),
    protocol: from.text() as ExchangeRow['protocol'],
    traceId: from.text(),
    breaker: from.nullableText() as ExchangeRow['breaker'],
    fallback: from.nullableText() as ExchangeRow['fallback'],
    replayOf: from.nullableText(),
    sequence: from.number(),
    at: from.number(),
    status: from.nullableNumber(),
    durationMs: from.number(),
    upstreamMs: from.nullableNumber(),
    requestBytes: from.number(),
    responseBytes: from.number(),
    demo: from.number() === 1,
  };
}

function readBody(from: Reader): BodyPreview | null {
  const contentType = from.nullableText();
  const text = from.nullableText();
  const isCut = from.number() === 1;
  return contentType === null || text === null ? null : { contentType, text, isCut };
}

function readTry(from: Reader): TryRecord {
  return { replica: from.text(), failure: from.nullableText(), status: from.nullableNumber(), ms: from.number() };
}

function readStage(from: Reader): StageRecord {
  return {
    sentence: from.text(),
    stage: stageNames[from.number()] ?? '',
    outcome: OUTCOMES[from.number()] ?? 'skip',
    startMs: from.number(),
    durationMs: from.number(),
  };
}
