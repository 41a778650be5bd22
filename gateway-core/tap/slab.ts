// Records as bytes outside of V8's heap. What a ring keeps lives long and dies in the order in which it came; of objects,
// V8 copied all twice and walked over them at each collection, which took as long as all stages of a request together.

/** Of memory that is taken at once; a record that is larger gets a piece of its own. */
const PIECE_BYTES = 64 * 1024;
const WORD_BYTES = 8;
/** In UTF-8, of a unit of UTF-16. */
const MOST_BYTES_OF_A_CHARACTER = 3;
/** Before each record: how many texts, numbers and bytes of text it has. */
const HEAD_WORDS = 2;

/** One record: texts and numbers in an order that whoever wrote it knows. */
export interface SlabRecord {
  readonly texts: readonly (string | null)[];
  readonly numbers: readonly number[];
}

class Piece {
  readonly bytes: Buffer;
  readonly integers: Int32Array;
  readonly floats: Float64Array;
  used = 0;
  records = 0;

  constructor(sizeBytes: number) {
    this.bytes = Buffer.allocUnsafeSlow(sizeBytes);
    this.integers = new Int32Array(this.bytes.buffer);
    this.floats = new Float64Array(this.bytes.buffer);
  }
}

/** Where a record lies. */
export interface SlabPlace {
  readonly piece: Piece;
  readonly at: number;
  /** What it takes there. */
  readonly bytes: number;
}

/** Takes records at its end and gives up the oldest; reuses the memory of one piece at most. */
export class Slab {
  private last: Piece | null = null;
  private spare: Piece | null = null;

  add({ texts, numbers }: SlabRecord): SlabPlace {
    const text = texts.join('');
    const headWords = HEAD_WORDS + Math.ceil(texts.length / 2) + numbers.length;
    const piece = this.findRoom((headWords + Math.ceil(this.measure(text, headWords) / WORD_BYTES)) * WORD_BYTES);
    const at = piece.used;
    let word = at / 4;
    const { integers, floats } = piece;
    integers[word++] = texts.length;
    integers[word++] = numbers.length;
    const textBytesAt = word;
    word += 2;
    for (const one of texts) integers[word++] = one === null ? -1 : one.length;
    let float = Math.ceil(word / 2);
    for (const one of numbers) floats[float++] = one;
    const textBytes = piece.bytes.write(text, float * WORD_BYTES);
    integers[textBytesAt] = textBytes;
    const bytes = (headWords + Math.ceil(textBytes / WORD_BYTES)) * WORD_BYTES;
    piece.used += bytes;
    piece.records += 1;
    return { piece, at, bytes };
  }

  /** As many bytes as a text may take: where there is room for the most that it could, it is not counted. */
  private measure(text: string, headWords: number): number {
    const most = text.length * MOST_BYTES_OF_A_CHARACTER;
    const { last } = this;
    const hasRoom = last !== null && last.used + headWords * WORD_BYTES + most + WORD_BYTES <= last.bytes.length;
    return hasRoom ? most : Buffer.byteLength(text);
  }

  static read({ piece, at }: SlabPlace): SlabRecord {
    const { integers, floats, bytes } = piece;
    let word = at / 4;
    const textCount = integers[word] ?? 0;
    const numberCount = integers[word + 1] ?? 0;
    const textBytes = integers[word + 2] ?? 0;
    word += 2 * HEAD_WORDS;
    const lengths = integers.subarray(word, word + textCount);
    const float = Math.ceil((word + textCount) / 2);
    const end = float + numberCount;
    const text = bytes.toString('utf8', end * WORD_BYTES, end * WORD_BYTES + textBytes);
    let from = 0;
    const texts = Array.from(lengths, (length) => {
      if (length === -1) return null;
      from += length;
      return text.slice(from - length, from);
    });
    return { texts, numbers: [...floats.subarray(float, end)] };
  }

  /** Nobody may read it any more. */
  free({ piece }: SlabPlace): void {
    piece.records -= 1;
    if (piece.records > 0) return;
    piece.used = 0;
    if (piece !== this.last && piece.bytes.length === PIECE_BYTES) this.spare = piece;
  }

  private findRoom(bytes: number): Piece {
    const { last } = this;
    if (last && last.used + bytes <= last.bytes.length) return last;
    if (bytes > PIECE_BYTES) return new Piece(bytes);
    const next = this.spare ?? new Piece(PIECE_BYTES);
    this.spare = null;
    this.last = next;
    return next;
  }
}
