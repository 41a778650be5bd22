// Runs a pattern over a text in one pass, all ways at once (Thompson's construction, without captures): no text makes it
// take longer than its length times the size of the pattern, where V8's backtracking can be made to take for ever (ReDoS).

/** Which characters an instruction takes: by table for ASCII, by question for the others. */
export interface CharacterSet {
  readonly ascii: Uint8Array;
  readonly has: (codePoint: number) => boolean;
}

export type Instruction =
  | { readonly op: 'take'; readonly set: CharacterSet }
  /** Goes on at both. */
  | { readonly op: 'split'; readonly first: number; readonly second: number }
  | { readonly op: 'jump'; readonly to: number }
  | { readonly op: 'assert'; readonly what: Assertion }
  | { readonly op: 'match' };

export type Assertion = 'start' | 'end' | 'word boundary' | 'no word boundary';

/** Where a program matches: from `start` (included) to `end` (excluded). */
export interface PatternMatch {
  readonly start: number;
  readonly end: number;
}

export interface ProgramRunner {
  /** Whether it matches anywhere in a text. Characters are code points, as with the flag `u`. */
  test(text: string): boolean;
  /** The match that begins first, from a place of the text on; of several there the one that the pattern names first. */
  locate(text: string, from: number): PatternMatch | undefined;
}

export function createProgramRunner(program: readonly Instruction[]): ProgramRunner {
  const runner = new Runner(program);
  return { test: (text) => runner.find(text), locate: (text, from) => runner.locate(text, from) };
}

/** A set of instructions that remembers in which order they came and is emptied at no cost. */
class Threads {
  readonly list: Uint16Array;
  /** Where in the text each of them began. */
  readonly starts: Uint32Array;
  private readonly marks: Uint32Array;
  private generation = 1;
  size = 0;

  constructor(length: number) {
    this.list = new Uint16Array(length);
    this.starts = new Uint32Array(length);
    this.marks = new Uint32Array(length);
  }

  clear(): void {
    this.size = 0;
    this.generation += 1;
  }

  /** False when it is there already. */
  add(index: number, start: number): boolean {
    if (this.marks[index] === this.generation) return false;
    this.marks[index] = this.generation;
    this.list[this.size] = index;
    this.starts[this.size] = start;
    this.size += 1;
    return true;
  }
}

class Runner {
  private readonly program: readonly Instruction[];
  private readonly isAnchored: boolean;
  private readonly open: number[] = [];
  private text = '';
  private current: Threads;
  private next: Threads;
  private matched = false;
  private matchedFrom = 0;

  constructor(program: readonly Instruction[]) {
    const [first] = program;
    this.program = program;
    this.isAnchored = first?.op === 'assert' && first.what === 'start';
    this.current = new Threads(program.length);
    this.next = new Threads(program.length);
  }

  find(text: string): boolean {
    this.text = text;
    this.matched = false;
    this.current.clear();
    this.next.clear();
    for (let index = 0; ; ) {
      // A match may begin at every character, unless it has to begin at the first.
      if (index === 0 || !this.isAnchored) this.follow(this.current, 0, index, index);
      if (this.matched) return true;
      if (index >= text.length || this.current.size === 0) return false;
      const codePoint = text.codePointAt(index) ?? 0;
      index += codePoint > 0xffff ? 2 : 1;
      this.step(codePoint, index);
      if (this.matched) return true;
    }
  }

  /** Threads stand in the order of their preference, those that began first before all: a match ends those behind it. */
  locate(text: string, from: number): PatternMatch | undefined {
    this.text = text;
    this.current.clear();
    this.next.clear();
    let found: PatternMatch | undefined;
    for (let index = from; ; ) {
      this.matched = false;
      if (!found && (index === 0 || !this.isAnchored)) this.follow(this.current, 0, index, index);
      if (this.matched) found = { start: index, end: index };
      if (index >= text.length || this.current.size === 0) return found;
      const codePoint = text.codePointAt(index) ?? 0;
      index += codePoint > 0xffff ? 2 : 1;
      this.matched = false;
      this.step(codePoint, index);
      if (this.matched) found = { start: this.matchedFrom, end: index };
    }
  }

  /** Takes one character; `after` is the place behind it. Ends at the first match. */
  private step(codePoint: number, after: number): void {
    const { current, next, program } = this;
    for (let place = 0; place < current.size && !this.matched; place++) {
      const at = current.list[place] ?? 0;
      const instruction = program[at];
      if (instruction?.op !== 'take') continue;
      const { set } = instruction;
      const start = current.starts[place] ?? 0;
      if (codePoint < 128 ? set.ascii[codePoint] === 1 : set.has(codePoint)) this.follow(next, at + 1, after, start);
    }
    current.clear();
    this.current = next;
    this.next = current;
  }

  /** Adds an instruction, and those that are reached from it without taking a character, up to a match. */
  private follow(threads: Threads, first: number, index: number, start: number): void {
    const { open } = this;
    open.push(first);
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const instruction = this.program[at];
      if (!instruction || !threads.add(at, start)) continue;
      if (instruction.op === 'match') {
        this.matched = true;
        this.matchedFrom = start;
        // What is still open here is what the pattern would rather not take.
        open.length = 0;
      } else if (instruction.op === 'jump') open.push(instruction.to);
      else if (instruction.op === 'split') open.push(instruction.second, instruction.first);
      else if (instruction.op === 'assert' && this.holds(instruction.what, index)) open.push(at + 1);
    }
  }

  private holds(what: Assertion, index: number): boolean {
    if (what === 'start') return index === 0;
    if (what === 'end') return index === this.text.length;
    const isBoundary = isWord(this.text.charCodeAt(index - 1)) !== isWord(this.text.charCodeAt(index));
    return isBoundary === (what === 'word boundary');
  }
}

/** NaN, which is outside of the text, is no word character. */
function isWord(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
}
