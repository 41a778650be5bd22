// A finished exchange as it lies in the ring: few objects. As plain details of a hundred and more, kept ones cost more time
// than all stages together, since V8 copies what survives twice and walks over it at each collection.
import type { BodyPreview } from './bodyPreview.ts';
import { type ExchangeDetail, type ExchangeRow, type TryRecord, toRow } from './exchangeRecord.ts';

/** Objects, arrays and numbers of one record, roughly, as V8 lays them out. */
const FIXED_BYTES = 900;
const STRING_BYTES = 24;
/** The array that holds a try. */
const TRY_BYTES = 88;
const NUMBER_BYTES = 8;

type OutcomeOfStage = ExchangeDetail['stages'][number]['outcome'];

export class KeptExchange {
  readonly row: ExchangeRow;
  /** How much memory it takes, near enough to bound a ring by it. */
  readonly bytes: number;
  /** Names and values of the fields, then name, outcome and sentence of each stage, all end to end. */
  private readonly texts: string;
  private readonly lengths: readonly number[];
  /** Of each stage, when it began and how long it took. */
  private readonly times: readonly number[];
  private readonly requestFields: number;
  private readonly responseFields: number;
  private readonly canonicalPath: string | null;
  private readonly forwardedPath: string | null;
  private readonly subject: string | null;
  private readonly target: string | null;
  private readonly tries: TryRecord[];
  private readonly requestBody: BodyPreview | null;
  private readonly responseBody: BodyPreview | null;

  constructor(detail: ExchangeDetail) {
    const { requestHeaders, responseHeaders, stages } = detail;
    const texts: string[] = [];
    const times: number[] = [];
    for (const [name, value] of requestHeaders) texts.push(name, value);
    for (const [name, value] of responseHeaders) texts.push(name, value);
    for (const { stage, outcome, sentence, startMs, durationMs } of stages) {
      texts.push(stage, outcome, sentence);
      times.push(startMs, durationMs);
    }
    this.row = toRow(detail);
    this.texts = texts.join('');
    this.lengths = texts.map((text) => text.length);
    this.times = times;
    this.requestFields = requestHeaders.length;
    this.responseFields = responseHeaders.length;
    this.canonicalPath = detail.canonicalPath;
    this.forwardedPath = detail.forwardedPath;
    this.subject = detail.subject;
    this.target = detail.target;
    this.tries = detail.tries;
    this.requestBody = detail.requestBody;
    this.responseBody = detail.responseBody;
    this.bytes = this.measure();
  }

  private measure(): number {
    const { row, texts, lengths, times, tries } = this;
    let bytes = FIXED_BYTES + texts.length + (lengths.length + times.length) * NUMBER_BYTES + tries.length * TRY_BYTES;
    for (const text of [row.id, row.host, row.path, row.note, row.client, row.traceId])
      if (text !== null) bytes += STRING_BYTES + text.length;
    for (const text of [this.canonicalPath, this.forwardedPath, this.subject, this.target])
      if (text !== null) bytes += STRING_BYTES + text.length;
    // Two bytes a character, since one beyond Latin-1 makes V8 store all of them so.
    for (const body of [this.requestBody, this.responseBody])
      if (body) bytes += TRY_BYTES + body.contentType.length + 2 * body.text.length;
    return bytes;
  }

  /** Another object each time. */
  toDetail(): ExchangeDetail {
    const { row, canonicalPath, forwardedPath, subject, target, tries, requestBody, responseBody } = this;
    const read = this.createReader();
    const readFields = (count: number) => Array.from({ length: count }, (): [string, string] => [read(), read()]);
    const requestHeaders = readFields(this.requestFields);
    const responseHeaders = readFields(this.responseFields);
    const stages = Array.from({ length: this.times.length / 2 }, (_, index) => ({
      stage: read(),
      outcome: read() as OutcomeOfStage,
      sentence: read(),
      startMs: this.times[2 * index] ?? 0,
      durationMs: this.times[2 * index + 1] ?? 0,
    }));
    return {
      ...row,
      ...{ canonicalPath, forwardedPath, subject, target, tries, stages },
      ...{ requestHeaders, responseHeaders, requestBody, responseBody },
    };
  }

  /** Gives one text after the other. */
  private createReader(): () => string {
    let index = 0;
    let at = 0;
    return () => {
      const from = at;
      at += this.lengths[index++] ?? 0;
      return this.texts.slice(from, at);
    };
  }
}
