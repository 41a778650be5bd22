// JSON of strangers. The body is forwarded as it came, so what two parsers may read differently is refused: what is checked
// here must be what the upstream sees (RFC 8259, 4, 6 and 8 name where parsers differ).
import { isUtf8 } from 'node:buffer';
import type { ValidationFault } from './fault.ts';

export interface JsonBounds {
  /** How deep arrays and objects may lie in each other. */
  readonly depthLimit: number;
  /** How many values there may be, arrays and objects counted too. */
  readonly valueLimit: number;
}

type StrictJson =
  | { readonly kind: 'value'; readonly value: unknown }
  /** No JSON at all. */
  | { readonly kind: 'unreadable'; readonly detail: string }
  /** JSON, but such as is not taken. */
  | { readonly kind: 'refused'; readonly fault: ValidationFault };

/** The largest number that a double can hold has 309 digits; parsers that read more take time by the square of them. */
const NUMBER_CHARACTERS = 400;

const refuse = (pointer: string, message: string): StrictJson => ({
  kind: 'refused',
  fault: { in: 'body', pointer, message },
});

/**
 * Takes UTF-8 without a byte order mark. Refuses a member that stands twice in an object, the member `__proto__`, halves
 * of surrogate pairs, numbers beyond a double, and what exceeds the bounds. Its time is linear in the length.
 */
export function readStrictJson(bytes: Buffer, bounds: JsonBounds): StrictJson {
  if (!isUtf8(bytes)) return { kind: 'unreadable', detail: 'it is not UTF-8' };
  const text = bytes.toString('utf8');
  // Before the parse: what is too deep or too much shall not become objects first.
  const fault = new Scan(text, bounds).findFault();
  if (fault) return fault;
  try {
    return { kind: 'value', value: JSON.parse(text) };
  } catch {
    return { kind: 'unreadable', detail: 'it is not JSON' };
  }
}

interface Frame {
  /** The names of an object so far; null in an array. */
  readonly names: Set<string> | null;
  /** Where in it the scan is. */
  step: string | number;
}

const CODE = {
  quote: 0x22,
  plus: 0x2b,
  comma: 0x2c,
  minus: 0x2d,
  dot: 0x2e,
  zero: 0x30,
  nine: 0x39,
  upperE: 0x45,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  lowerE: 0x65,
  openBrace: 0x7b,
  closeBrace: 0x7d,
} as const;

/** Reads tokens alone: whether they stand in the right order is for JSON.parse to say afterwards. */
class Scan {
  private readonly text: string;
  private readonly bounds: JsonBounds;
  private readonly frames: Frame[] = [];
  private index = 0;
  private values = 0;
  private expectsName = false;

  constructor(text: string, bounds: JsonBounds) {
    this.text = text;
    this.bounds = bounds;
  }

  findFault(): StrictJson | undefined {
    const { text } = this;
    while (this.index < text.length) {
      const fault = this.readToken(text.charCodeAt(this.index));
      if (fault) return fault;
    }
    return undefined;
  }

  /** Takes one token, or one character between tokens. */
  private readToken(code: number): StrictJson | undefined {
    if (code === CODE.quote) return this.readString();
    if (code === CODE.openBrace || code === CODE.openBracket) return this.open(code === CODE.openBrace);
    if (code === CODE.minus || (code >= CODE.zero && code <= CODE.nine)) return this.readNumber();
    if (isLetter(code)) return this.readLiteral();
    this.index += 1;
    if (code === CODE.closeBrace || code === CODE.closeBracket) {
      this.frames.pop();
      this.expectsName = false;
    } else if (code === CODE.comma) this.goOn();
    return undefined;
  }

  private goOn(): void {
    const frame = this.frames.at(-1);
    if (!frame) return;
    if (typeof frame.step === 'number') frame.step += 1;
    this.expectsName = frame.names !== null;
  }

  private open(isObject: boolean): StrictJson | undefined {
    this.index += 1;
    const { depthLimit } = this.bounds;
    const fault = this.countValue();
    if (fault) return fault;
    if (this.frames.length >= depthLimit) return refuse(this.toPointer(), `lies deeper than ${depthLimit} levels`);
    this.frames.push(isObject ? { names: new Set(), step: '' } : { names: null, step: 0 });
    this.expectsName = isObject;
    return undefined;
  }

  private readString(): StrictJson | undefined {
    const start = this.index;
    const end = findStringEnd(this.text, start);
    this.index = end + 1;
    const raw = this.text.slice(start + 1, end);
    const decoded = raw.includes('\\') ? decode(raw) : raw;
    // JSON.parse will say what is wrong with it.
    if (decoded === undefined) return undefined;
    const frame = this.frames.at(-1);
    if (!this.expectsName || !frame?.names)
      return decoded.isWellFormed() ? this.countValue() : refuse(this.toPointer(), 'has half of a surrogate pair');
    this.expectsName = false;
    frame.step = decoded;
    if (!decoded.isWellFormed()) return refuse(this.toPointer(), 'has half of a surrogate pair in its name');
    if (frame.names.has(decoded)) return refuse(this.toPointer(), 'stands here twice');
    // It would change the prototype of objects in careless programs.
    if (decoded === '__proto__') return refuse(this.toPointer(), 'is a name that is not taken');
    frame.names.add(decoded);
    return undefined;
  }

  private readNumber(): StrictJson | undefined {
    const start = this.index;
    let mayBeHuge = false;
    for (let code = this.text.charCodeAt(start); isNumberCharacter(code); code = this.text.charCodeAt(this.index)) {
      if (code === CODE.upperE || code === CODE.lowerE) mayBeHuge = true;
      this.index += 1;
    }
    const length = this.index - start;
    if (length > NUMBER_CHARACTERS)
      return refuse(this.toPointer(), `is a number of more than ${NUMBER_CHARACTERS} characters`);
    if (mayBeHuge || length > 300) {
      // What is not a number at all is for JSON.parse to say.
      const size = Math.abs(Number(this.text.slice(start, this.index)));
      if (size === Number.POSITIVE_INFINITY)
        return refuse(this.toPointer(), 'is a number beyond what a double can hold');
    }
    return this.countValue();
  }

  /** true, false or null. */
  private readLiteral(): StrictJson | undefined {
    while (isLetter(this.text.charCodeAt(this.index))) this.index += 1;
    return this.countValue();
  }

  private countValue(): StrictJson | undefined {
    this.values += 1;
    const { valueLimit } = this.bounds;
    return this.values > valueLimit ? refuse('', `has more than ${valueLimit} values`) : undefined;
  }

  private toPointer(): string {
    return this.frames.map(({ step }) => `/${escapePointerStep(String(step))}`).join('');
  }
}

/** RFC 6901, 3. */
export function escapePointerStep(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The place of the closing quote; behind the text when there is none. */
function findStringEnd(text: string, start: number): number {
  for (let from = start + 1; ; ) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return text.length;
    let backslashes = 0;
    while (quote - 1 - backslashes > start && text.charCodeAt(quote - 1 - backslashes) === CODE.backslash)
      backslashes += 1;
    if (backslashes % 2 === 0) return quote;
    from = quote + 1;
  }
}

function decode(raw: string): string | undefined {
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return undefined;
  }
}

function isNumberCharacter(code: number): boolean {
  if (code >= CODE.zero && code <= CODE.nine) return true;
  return code === CODE.plus || code === CODE.minus || code === CODE.dot || code === CODE.upperE || code === CODE.lowerE;
}

function isLetter(code: number): boolean {
  return code >= 0x61 && code <= 0x7a;
}
