// The compose specification is described as data: one shape a key says what is accepted, which short form stands for
// which long one, how two files merge, which texts are paths, and how compose prints it. Each pass reads it its own way.
import type { Node } from '../node.ts';

interface Common {
  /** Makes the long form of a short one; leaves alone what is neither, for the check to complain of. May throw. */
  readonly toLong?: (node: Node) => Node;
  /** `replace`: what comes later stands alone. Without it mappings merge by key, lists append, scalars replace. */
  readonly merge?: 'replace' | ((base: Node, over: Node) => 'replace' | 'merge');
  /** `key:` without a value is allowed. */
  readonly nullable?: boolean;
  /** What is wrong beyond the shapes of its parts; undefined: nothing. */
  readonly fault?: (node: Node) => string | undefined;
  /** Printed although it is empty, zero or false: compose tells "said to be nothing" from "not said". */
  readonly keepEmpty?: boolean;
}

/** `key`: the path behind `id=` of an SSH key. */
export type PathRule = 'file' | 'context' | 'bind' | 'key';

export interface TextShape extends Common {
  readonly is: 'text';
  readonly oneOf?: readonly string[];
  /** A number is taken for its text: `expose: [80]`. */
  readonly numbers?: boolean;
  readonly path?: PathRule;
}

/** What stands after `KEY=`: text, number, flag or nothing. */
export interface PairValueShape extends Common {
  readonly is: 'pairValue';
  /** What a key without a value is: nothing, or the empty text. */
  readonly whenNull: 'null' | 'empty';
  readonly path?: PathRule;
}

export interface FlagShape extends Common {
  readonly is: 'flag';
  /** Only a YAML boolean, no text that says one. */
  readonly strict?: boolean;
}

export interface NumberShape extends Common {
  readonly is: 'number';
  readonly whole: boolean;
  readonly min?: number;
  readonly max?: number;
  /** Only a number, no text that says one. */
  readonly strict?: boolean;
  /** A text that stands for a number: `count: all`. */
  readonly words?: Readonly<Record<string, number>>;
}

/** A size such as `64m`, printed as a text of bytes. */
export interface BytesShape extends Common {
  readonly is: 'bytes';
  /** Only a text: `deploy.resources` has it so. */
  readonly textOnly?: boolean;
}

export interface DurationShape extends Common {
  readonly is: 'duration';
  readonly omitZero?: boolean;
}

/** A list of words, or one text that is split as a shell would. */
export interface CommandShape extends Common {
  readonly is: 'command';
  /** Before a text that is not split. */
  readonly shell?: string;
  /** Printed as null where it is not said. */
  readonly absentIsNull?: boolean;
}

export interface ListShape extends Common {
  readonly is: 'list';
  readonly of: Shape;
  /** Of two items with the same key the later one stays, at the place of the earlier. */
  readonly keyOf?: (item: Node) => string | undefined;
  /** The list of the later file stands; an item of it keeps what the earlier one with the same key says beyond it. */
  readonly mergeBy?: (item: Node) => string | undefined;
  /** One that is there twice is a mistake. */
  readonly unique?: boolean;
  readonly sorted?: boolean;
}

/** A mapping whose keys the operator chooses. */
export interface TableShape extends Common {
  readonly is: 'table';
  readonly of: Shape;
  readonly names?: RegExp;
}

/** A mapping whose keys the specification chooses. */
export interface RecordShape extends Common {
  readonly is: 'record';
  readonly keys: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  /** Without `x-…` keys. */
  readonly closed?: boolean;
  /** What is left out and stands for something: filled in at the end, when all files are merged. */
  readonly defaults?: (node: Node) => Node;
}

/** A number or a mapping of it: `ulimits`. */
export interface EitherShape extends Common {
  readonly is: 'either';
  readonly of: readonly [Shape, Shape];
  readonly picks: (node: Node) => 0 | 1;
}

export interface AnythingShape extends Common {
  readonly is: 'anything';
}

export type Shape =
  | TextShape
  | PairValueShape
  | FlagShape
  | NumberShape
  | BytesShape
  | DurationShape
  | CommandShape
  | ListShape
  | TableShape
  | RecordShape
  | EitherShape
  | AnythingShape;

export const text = (more: Partial<TextShape> = {}): TextShape => ({ is: 'text', ...more });
export const flag = (more: Partial<FlagShape> = {}): FlagShape => ({ is: 'flag', ...more });
export const whole = (more: Partial<NumberShape> = {}): NumberShape => ({ is: 'number', whole: true, ...more });
export const fraction = (more: Partial<NumberShape> = {}): NumberShape => ({ is: 'number', whole: false, ...more });
export const bytes = (more: Partial<BytesShape> = {}): BytesShape => ({ is: 'bytes', ...more });
export const duration = (more: Partial<DurationShape> = {}): DurationShape => ({ is: 'duration', ...more });
export const list = (of: Shape, more: Partial<ListShape> = {}): ListShape => ({ is: 'list', of, ...more });
export const table = (of: Shape, more: Partial<TableShape> = {}): TableShape => ({ is: 'table', of, ...more });
export const anything = (): AnythingShape => ({ is: 'anything', merge: 'replace' });
export const record = (keys: Readonly<Record<string, Shape>>, more: Partial<RecordShape> = {}): RecordShape => ({
  is: 'record',
  keys,
  ...more,
});

/** Which shape a key of a record has; undefined for one that is not known, and anything for `x-…`. */
export function shapeOfKey(shape: RecordShape, key: string): Shape | undefined {
  if (Object.hasOwn(shape.keys, key)) return shape.keys[key];
  return key.startsWith('x-') && !shape.closed ? anything() : undefined;
}
