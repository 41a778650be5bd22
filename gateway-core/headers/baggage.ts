// W3C Baggage: https://www.w3.org/TR/baggage/. Members that cannot be read are dropped, the others pass as they were written.
import { TOKEN } from './fieldSyntax.ts';
import { trimOws } from './headerList.ts';

/** Section 3.3.2: what must be passed on at least, and what we pass on at most. */
const MAXIMUM_MEMBERS = 64;
const MAXIMUM_LENGTH = 8_192;

/** Percent-encoded: printable ASCII but quote, comma, semicolon and backslash. */
const VALUE = '[\\x21\\x23-\\x2b\\x2d-\\x3a\\x3c-\\x5b\\x5d-\\x7e]*';
const PAIR = new RegExp(`^${TOKEN}[ \\t]*=[ \\t]*${VALUE}$`);
const PROPERTY = new RegExp(`^${TOKEN}(?:[ \\t]*=[ \\t]*${VALUE})?$`);

/** `key=value;property;property=value`, checked part by part: one pattern for all of it could be made to run for minutes. */
function isMember(text: string): boolean {
  return text.split(';').every((part, index) => (index === 0 ? PAIR : PROPERTY).test(trimOws(part)));
}

/** All fields as one, in order; empty when nothing is left. Whole members are cut off at the limits. */
export function toBaggage(fields: readonly string[]): string {
  let text = '';
  let members = 0;
  for (const raw of fields.join(',').split(',')) {
    const member = trimOws(raw);
    if (member === '' || member.length > MAXIMUM_LENGTH || !isMember(member)) continue;
    if (members === MAXIMUM_MEMBERS || text.length + (members === 0 ? 0 : 1) + member.length > MAXIMUM_LENGTH) break;
    text += members === 0 ? member : `,${member}`;
    members += 1;
  }
  return text;
}
