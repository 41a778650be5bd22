// The tracestate field: what other tracing systems keep in a trace. Passed on within its limits, never made sense of.
import { trimOws } from './headerList.ts';

/** Section 3.3.1.1: more members than these make the whole field void. */
const MAXIMUM_MEMBERS = 32;
/** Section 3.3.1.5: what must be passed on at least. What is longer is cut at whole members. */
const MAXIMUM_LENGTH = 512;
/** Members that go first when something has to go. */
const LARGE_MEMBER = 128;

const KEY = /^[a-z0-9][a-z0-9_\-*/@]{0,255}$/;
/** Printable ASCII but comma and equals sign, not ending in a space. */
const VALUE = /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/** All fields as one, in order; empty when there is nothing valid. A member that cannot be read voids them all. */
export function toTracestate(fields: readonly string[]): string {
  const members: string[] = [];
  const keys = new Set<string>();
  for (const raw of fields.join(',').split(',')) {
    const member = trimOws(raw);
    if (member === '') continue;
    const equals = member.indexOf('=');
    const key = member.slice(0, Math.max(equals, 0));
    if (!KEY.test(key) || !VALUE.test(member.slice(equals + 1))) return '';
    // The leftmost is the newest: a key that comes again is what somebody forgot to remove.
    if (keys.has(key)) continue;
    keys.add(key);
    members.push(member);
    if (members.length > MAXIMUM_MEMBERS) return '';
  }
  return keepFitting(members);
}

function keepFitting(members: string[]): string {
  let text = members.join(',');
  if (text.length <= MAXIMUM_LENGTH) return text;
  const small = members.filter((member) => member.length <= LARGE_MEMBER);
  const kept = removeLarge(members, small);
  for (text = kept.join(','); text.length > MAXIMUM_LENGTH; text = kept.join(',')) kept.pop();
  return text;
}

/** Large members go from the right, and only as many as it takes. */
function removeLarge(members: readonly string[], small: readonly string[]): string[] {
  let length = small.join(',').length;
  if (length > MAXIMUM_LENGTH) return [...small];
  const kept = new Set(small);
  for (const member of members) {
    if (kept.has(member)) continue;
    const grown = length + member.length + (length === 0 ? 0 : 1);
    if (grown > MAXIMUM_LENGTH) break;
    length = grown;
    kept.add(member);
  }
  return members.filter((member) => kept.has(member));
}
