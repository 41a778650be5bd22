// A `pattern` of a JSON Schema, made into a program that runs in linear time.
import {
  type Assertion,
  type CharacterSet,
  createProgramRunner,
  type Instruction,
  type PatternMatch,
} from './patternProgram.ts';

/** What ajv takes for a RegExp. */
export interface LinearPattern {
  test(text: string): boolean;
  /** The first match that begins at `from` or later. Lazy quantifiers take as much as others. */
  locate(text: string, from: number): PatternMatch | undefined;
  /** Told apart by it. */
  toString(): string;
}

/** Repetitions are written out, so `{1000}` of something long is long. Each instruction may cost once a character. */
const INSTRUCTION_LIMIT = 2_000;
const NESTING_LIMIT = 200;

export interface LinearPatternOptions {
  ignoreCase?: boolean;
  /** How many steps the pattern may have, with its repetitions written out. */
  stepLimit?: number;
}

/**
 * Takes the syntax of ECMAScript with the flag `u`, but for what no automaton can do in one pass: back references and
 * looking ahead or behind. Throws an Error that names it, or what is not a pattern at all.
 */
export function createLinearPattern(
  source: string,
  { ignoreCase = false, stepLimit = INSTRUCTION_LIMIT }: LinearPatternOptions = {},
): LinearPattern {
  // The parser below relies on it: what V8 took for a pattern is well formed.
  new RegExp(source, 'u');
  const program = new Parser(source, ignoreCase ? 'iu' : 'u', stepLimit).parse();
  return { ...createProgramRunner(program), toString: () => source };
}

/** A pair of surrogates that is written as two escapes is one character. */
const ESCAPE =
  /^\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[A-Za-z]|[pP]\{[^}]*\}|[\s\S])/;

/** A piece of a program whose jumps are relative to its own beginning. */
type Piece = readonly Instruction[];

class Parser {
  private readonly source: string;
  private readonly flags: string;
  private readonly limit: number;
  private index = 0;
  private depth = 0;

  constructor(source: string, flags: string, limit: number) {
    this.source = source;
    this.flags = flags;
    this.limit = limit;
  }

  parse(): Instruction[] {
    const program: Piece = [...this.parseChoice(), { op: 'match' }];
    return program.map((instruction, at): Instruction => {
      if (instruction.op === 'jump') return { op: 'jump', to: at + instruction.to };
      if (instruction.op !== 'split') return instruction;
      return { op: 'split', first: at + instruction.first, second: at + instruction.second };
    });
  }

  private parseChoice(): Piece {
    this.depth += 1;
    if (this.depth > NESTING_LIMIT) throw new Error(`more than ${NESTING_LIMIT} groups lie in each other`);
    let choice = this.parseSequence();
    while (this.source[this.index] === '|') {
      this.index += 1;
      const other = this.parseSequence();
      choice = this.join(
        [{ op: 'split', first: 1, second: choice.length + 2 }],
        choice,
        [{ op: 'jump', to: other.length + 1 }],
        other,
      );
    }
    this.depth -= 1;
    return choice;
  }

  private parseSequence(): Piece {
    let sequence: Piece = [];
    while (this.index < this.source.length && !'|)'.includes(this.source.charAt(this.index)))
      sequence = this.join(sequence, this.parseRepeated());
    return sequence;
  }

  private parseRepeated(): Piece {
    const piece = this.parseAtom();
    const quantifier = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/.exec(this.source.slice(this.index, this.index + 32));
    if (!quantifier) return piece;
    this.index += quantifier[0].length;
    const [, sign, low = '', comma, high = ''] = quantifier;
    if (sign === '*') return this.repeat(piece, 0, Number.POSITIVE_INFINITY);
    if (sign === '+') return this.repeat(piece, 1, Number.POSITIVE_INFINITY);
    if (sign === '?') return this.repeat(piece, 0, 1);
    const most = comma === '' ? Number(low) : high === '' ? Number.POSITIVE_INFINITY : Number(high);
    return this.repeat(piece, Number(low), most);
  }

  private repeat(piece: Piece, least: number, most: number): Piece {
    if (piece.length === 0) return piece;
    const copies = most === Number.POSITIVE_INFINITY ? Math.max(1, least) : most;
    if (copies * piece.length > this.limit) return this.refuseSize();
    let whole: Piece = [];
    for (let count = 0; count < least; count++) whole = this.join(whole, piece);
    if (most === Number.POSITIVE_INFINITY)
      return this.join(whole, [{ op: 'split', first: 1, second: piece.length + 2 }], piece, [
        { op: 'jump', to: -piece.length - 1 },
      ]);
    for (let count = least; count < most; count++)
      whole = this.join(whole, [{ op: 'split', first: 1, second: piece.length + 1 }], piece);
    return whole;
  }

  private parseAtom(): Piece {
    const character = this.source.charAt(this.index);
    if (character === '(') return this.parseGroup();
    if (character === '^') return this.takeAssertion(1, 'start');
    if (character === '$') return this.takeAssertion(1, 'end');
    if (character === '[') return this.takeSet(this.findClassEnd());
    if (character !== '\\')
      return this.takeSet(this.index + ((this.source.codePointAt(this.index) ?? 0) > 0xffff ? 2 : 1));
    const escaped = this.source.charAt(this.index + 1);
    if (escaped === 'b') return this.takeAssertion(2, 'word boundary');
    if (escaped === 'B') return this.takeAssertion(2, 'no word boundary');
    if (/[1-9k]/.test(escaped)) throw new Error('it refers back to a group, which cannot be matched in one pass');
    return this.takeSet(this.findEscapeEnd());
  }

  private parseGroup(): Piece {
    const head = /^\((?:\?(?::|<(?![=!])[^>]*>|([^>]{1,3})))?/.exec(this.source.slice(this.index));
    if (!head || head[1] !== undefined)
      throw new Error(`it has a group "(?${head?.[1] ?? ''}", which cannot be matched in one pass`);
    this.index += head[0].length;
    const group = this.parseChoice();
    this.index += 1;
    return group;
  }

  private takeAssertion(length: number, what: Assertion): Piece {
    this.index += length;
    return [{ op: 'assert', what }];
  }

  /** One character of the text: what the source up to `end` says, as V8 reads it. */
  private takeSet(end: number): Piece {
    const source = this.source.slice(this.index, end);
    this.index = end;
    return [{ op: 'take', set: createSet(source, this.flags) }];
  }

  private findClassEnd(): number {
    let end = this.index + 1;
    while (this.source[end] !== ']') end += this.source[end] === '\\' ? 2 : 1;
    return end + 1;
  }

  private findEscapeEnd(): number {
    const rest = this.source.slice(this.index);
    return this.index + (ESCAPE.exec(rest)?.[0].length ?? 1);
  }

  private join(...pieces: readonly Piece[]): Piece {
    const whole: Instruction[] = [];
    for (const piece of pieces)
      for (const instruction of piece) {
        if (whole.length >= this.limit) this.refuseSize();
        whole.push(instruction);
      }
    return whole;
  }

  private refuseSize(): never {
    throw new Error(`it is too long: with its repetitions written out it has more than ${this.limit} steps`);
  }
}

function createSet(source: string, flags: string): CharacterSet {
  const pattern = new RegExp(`^${source}$`, flags);
  const has = (codePoint: number): boolean => pattern.test(String.fromCodePoint(codePoint));
  const ascii = Uint8Array.from({ length: 128 }, (_, codePoint) => (has(codePoint) ? 1 : 0));
  return { ascii, has };
}
