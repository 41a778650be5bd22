// Records as bytes outside of V8's heap. What a ring keeps lives long and dies in the order in which it came; of objects,
// V8 copied all twice and walked over them at each collection, which took as long as all stages of a request together.

/** Of memory that is taken at once; a record that is larger gets a piece of its own. */
const PIECE_BYTES = 64 * 1024;
const WORD_BYTES = 8;
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
    const textBytes = Buffer.byteLength(text);
    const bytes = (headWords + Math.ceil(textBytes / WORD_BYTES)) * WORD_BYTES;
    const piece = this.findRoom(bytes);
    const at = piece.used;
    piece.used += bytes;
    piece.records += 1;
    let word = at / 4;
    const { integers, floats } = piece;
    integers[word++] = texts.length;
    integers[word++] = numbers.length;
    integers[word++] = textBytes;
    word += 1;
    for (const one of texts) integers[word++] = one === null ? -1 : one.length;
    let float = Math.ceil(word / 2);
    for (const one of numbers) floats[float++] = one;
    piece.bytes.write(text, float * WORD_BYTES, textBytes);
    return { piece, at, bytes };
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
