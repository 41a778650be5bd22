// An exchange as texts and numbers and back, for the memory that the ring keeps it in.
import type { HeaderList } from '../headers/headerList.ts';
import type { BodyPreview } from './bodyPreview.ts';
import type { ExchangeDetail, ExchangeRow, TryRecord } from './exchangeRecord.ts';
import type { SlabRecord } from './slab.ts';

type StageRecord = ExchangeDetail['stages'][number];

const OUTCOMES = ['pass', 'stop', 'skip'] as const;
/** Names of stages by number; there are as many as the code has. */
const stageNames: string[] = [];
const stageNumbers = new Map<string, number>();

/**
 * Filled from the front for one record after the other. Emptied instead, V8 would let go of its memory and have it grow anew
 * for each, which was a tenth of what a request allocates.
 */
class Column<T> {
  private readonly values: T[];
  private count = 0;

  /** Each column brings its own array: of two that begin at one place in the code, V8 takes both to hold the same things. */
  constructor(values: T[]) {
    this.values = values;
  }

  add(value: T): void {
    this.values[this.count++] = value;
  }

  /** What was added since the last time; valid until more is. */
  take(): readonly T[] {
    this.values.length = this.count;
    this.count = 0;
    return this.values;
  }
}

const texts = new Column<string | null>([]);
const numbers = new Column<number>([]);

/** Valid until the next call. */
export function encodeExchange(detail: ExchangeDetail): SlabRecord {
  encodeRow(detail);
  for (const text of [detail.canonicalPath, detail.forwardedPath, detail.subject, detail.target]) texts.add(text);
  encodeBody(detail.requestBody);
  encodeBody(detail.responseBody);
  const { tries, requestHeaders, responseHeaders, stages } = detail;
  for (const { length } of [tries, requestHeaders, responseHeaders, stages]) numbers.add(length);
  for (const { replica, status, failure, ms } of tries) {
    texts.add(replica);
    texts.add(failure);
    numbers.add(status ?? Number.NaN);
    numbers.add(ms);
  }
  encodeFields(requestHeaders);
  encodeFields(responseHeaders);
  for (const { stage, outcome, sentence, startMs, durationMs } of stages) {
    texts.add(sentence);
    numbers.add(toStageNumber(stage));
    numbers.add(OUTCOMES.indexOf(outcome));
    numbers.add(startMs);
    numbers.add(durationMs);
  }
  return { texts: texts.take(), numbers: numbers.take() };
}

/** In the order in which readRow reads. */
function encodeRow(row: ExchangeRow): void {
  texts.add(row.id);
  texts.add(row.gateway);
  texts.add(row.method);
  texts.add(row.host);
  texts.add(row.path);
  texts.add(row.route);
  texts.add(row.upstream);
  texts.add(row.code);
  texts.add(row.note);
  texts.add(row.client);
  texts.add(row.protocol);
  texts.add(row.traceId);
  texts.add(row.breaker);
  texts.add(row.fallback);
  texts.add(row.replayOf);
  numbers.add(row.sequence);
  numbers.add(row.at);
  numbers.add(row.status ?? Number.NaN);
  numbers.add(row.durationMs);
  numbers.add(row.upstreamMs ?? Number.NaN);
  numbers.add(row.requestBytes);
  numbers.add(row.responseBytes);
  numbers.add(row.demo ? 1 : 0);
}

function encodeFields(fields: HeaderList): void {
  for (const [name, value] of fields) {
    texts.add(name);
    texts.add(value);
  }
}

function encodeBody(body: BodyPreview | null): void {
  texts.add(body?.contentType ?? null);
  texts.add(body?.text ?? null);
  numbers.add(body?.isCut ? 1 : 0);
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
