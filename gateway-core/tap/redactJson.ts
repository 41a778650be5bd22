// Secret fields of JSON that may be cut off anywhere: a preview is the beginning of a body, so no parser would take it.
import { REDACTED } from './redact.ts';

const BROKEN = '[the rest is not JSON and not shown]';

/**
 * The text with the value of each secret field replaced, at any depth; objects and lists too. Several values may follow
 * each other (JSON lines). What cannot be read as JSON is not shown from there on: a secret could hide in it.
 */
export function redactJson(text: string, isSecretField: (name: string) => boolean): string {
  return new JsonRedactor(text, isSecretField).run();
}

type Frame = { readonly kind: 'object' | 'array'; state: 'first' | 'key' | 'colon' | 'value' | 'comma' };

class JsonRedactor {
  private readonly text: string;
  private readonly isSecretField: (name: string) => boolean;
  private readonly frames: Frame[] = [];
  private at = 0;
  private output = '';
  private isSecret = false;
  /** Depth of the list or object that is being skipped; 0: none is. */
  private skipFrom = 0;

  constructor(text: string, isSecretField: (name: string) => boolean) {
    this.text = text;
    this.isSecretField = isSecretField;
  }

  run(): string {
    while (this.at < this.text.length) {
      const begin = this.at;
      const isFine = this.step(this.text.charAt(begin));
      if (!isFine) return this.output + BROKEN;
    }
    return this.output;
  }

  private emit(text: string): void {
    if (this.skipFrom === 0) this.output += text;
  }

  /** Reads one token; false when there can be none here. */
  private step(char: string): boolean {
    if (char === ' ' || char === '\t' || char === '\n' || char === '\r') {
      this.emit(char);
      this.at += 1;
      return true;
    }
    const frame = this.frames.at(-1);
    if (char === '}' || char === ']') return this.close(char, frame);
    if (char === ',' || char === ':') return this.punctuate(char, frame);
    if (frame?.kind === 'object' && (frame.state === 'first' || frame.state === 'key'))
      return char === '"' && this.readKey(frame);
    if (frame && frame.state !== 'first' && frame.state !== 'value') return false;
    if (char === '{' || char === '[') return this.open(char);
    return char === '"' ? this.readString() : this.readScalar();
  }

  private punctuate(char: ',' | ':', frame: Frame | undefined): boolean {
    const expected = char === ',' ? 'comma' : 'colon';
    if (frame?.state !== expected) return false;
    frame.state = char === ',' && frame.kind === 'object' ? 'key' : 'value';
    this.emit(char);
    this.at += 1;
    return true;
  }

  private open(char: '{' | '['): boolean {
    this.noteValue();
    if (this.isSecret && this.skipFrom === 0) {
      this.emit(`"${REDACTED}"`);
      this.skipFrom = this.frames.length + 1;
    } else this.emit(char);
    this.isSecret = false;
    this.frames.push({ kind: char === '{' ? 'object' : 'array', state: 'first' });
    this.at += 1;
    return true;
  }

  private close(char: '}' | ']', frame: Frame | undefined): boolean {
    if (!frame || (frame.kind === 'object') !== (char === '}')) return false;
    if (frame.state !== 'first' && frame.state !== 'comma') return false;
    this.emit(char);
    if (this.skipFrom === this.frames.length) this.skipFrom = 0;
    this.frames.pop();
    this.at += 1;
    return true;
  }

  private readKey(frame: Frame): boolean {
    const raw = this.takeString();
    // A name that is cut off has no value to hide.
    const name = raw.isWhole ? parseString(raw.text) : '';
    if (name === undefined) return false;
    frame.state = 'colon';
    this.isSecret = this.isSecretField(name);
    this.emit(raw.text);
    return true;
  }

  private readString(): boolean {
    const raw = this.takeString();
    if (raw.isWhole && parseString(raw.text) === undefined) return false;
    this.emitValue(raw.text);
    return true;
  }

  private readScalar(): boolean {
    const match = /[-+.0-9A-Za-z]+/y;
    match.lastIndex = this.at;
    const word = match.exec(this.text)?.[0];
    if (word === undefined) return false;
    const isCut = this.at + word.length === this.text.length;
    if (!isCut && !/^(?:true|false|null|-?\d[-+.0-9Ee]*)$/.test(word)) return false;
    this.at += word.length;
    this.emitValue(word);
    return true;
  }

  private emitValue(text: string): void {
    this.noteValue();
    this.emit(this.isSecret ? `"${REDACTED}"` : text);
    this.isSecret = false;
  }

  private noteValue(): void {
    const frame = this.frames.at(-1);
    if (frame) frame.state = 'comma';
  }

  private takeString(): { text: string; isWhole: boolean } {
    let end = this.at + 1;
    while (end < this.text.length && this.text[end] !== '"') end += this.text[end] === '\\' ? 2 : 1;
    const isWhole = end < this.text.length;
    const text = this.text.slice(this.at, isWhole ? end + 1 : this.text.length);
    this.at += text.length;
    return { text, isWhole };
  }
}

/** Decoded: `"p\u0061ss"` is the name pass. undefined when it is no string. */
function parseString(text: string): string | undefined {
  try {
    return JSON.parse(text) as string;
  } catch {
    return undefined;
  }
}
