// Header fields of an answer, read strictly: what could be read in two ways is refused, not guessed (RFC 9112, 5).
import { FIELD_NAME, FIELD_VALUE } from '../../headers/fieldSyntax.ts';
import { remember } from '../../memo/remember.ts';

interface FieldName {
  /** As received: the same text for all messages that have it, so that whoever looks it up need not hash it anew. */
  readonly text: string;
  readonly lower: string;
}

/** undefined when it is no name (RFC 9110, 5.1). */
const toFieldName = remember((name): FieldName | undefined => {
  if (!FIELD_NAME.test(name)) return undefined;
  // A text of its own: a slice of the message's would hold the whole message.
  const text = Buffer.from(name, 'latin1').toString('latin1');
  return { text, lower: text.toLowerCase() };
});

export interface FieldVisitor {
  /** False refuses the message. */
  onField(name: string, lowerName: string, value: string): boolean;
}

/**
 * Reads lines that end in CRLF from `start` to the end. False when one is no field: without a colon, with a space before
 * it, or folded (RFC 9112, 5.1 and 5.2).
 */
export function readFields(text: string, start: number, visitor: FieldVisitor): boolean {
  let at = start;
  while (at < text.length) {
    const lineEnd = text.indexOf('\r\n', at);
    const end = lineEnd === -1 ? text.length : lineEnd;
    const colon = text.indexOf(':', at);
    if (colon === -1 || colon >= end) return false;
    const name = toFieldName(text.slice(at, colon));
    const value = readValue(text, colon + 1, end);
    if (name === undefined || !FIELD_VALUE.test(value)) return false;
    if (!visitor.onField(name.text, name.lower, value)) return false;
    at = end + 2;
  }
  return true;
}

/** Without the optional white space around it. */
function readValue(text: string, start: number, end: number): string {
  let from = start;
  let to = end;
  while (from < to && isBlank(text.charCodeAt(from))) from += 1;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
