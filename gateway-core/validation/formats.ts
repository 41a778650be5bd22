// The formats of JSON Schema that are checked. A schema that names another is refused: unchecked, it would promise too much.
import { isIPv4, isIPv6 } from 'node:net';

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
/** RFC 3339, 5.6: with an offset, which a time without a place would lack. */
const TIME = /^(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:[zZ]|[+-](\d\d):(\d\d))$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
/** The dot-atom of RFC 5321, 4.1.2; quoted names are valid there and of no use to anybody. */
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+$/;
const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:/;
/** RFC 3986, 2: nothing but unreserved and reserved characters and escapes. */
const URI_CHARACTERS = /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/;

function isDate(text: string): boolean {
  const [, year = 0, month = 0, day = 0] = (DATE.exec(text) ?? []).map(Number);
  if (month < 1 || month > 12 || day < 1) return false;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return day <= days;
}

/** A leap second is one of the last minute of a day in UTC, and taken wherever the offset could make it that. */
function isTime(text: string): boolean {
  const match = TIME.exec(text);
  if (!match) return false;
  const [, hour = 0, minute = 0, second = 0, offsetHour = 0, offsetMinute = 0] = match.map((part) => Number(part ?? 0));
  return (
    hour < 24 &&
    minute < 60 &&
    (second < 60 || (second === 60 && minute % 30 === 29)) &&
    offsetHour < 24 &&
    offsetMinute < 60
  );
}

function isHostname(text: string): boolean {
  return text.length <= 253 && text.split('.').every((label) => LABEL.test(label));
}

function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@');
  if (at < 1 || at > 64) return false;
  const local = text.slice(0, at);
  return local.split('.').every((atom) => LOCAL_PART.test(atom)) && isHostname(text.slice(at + 1));
}

function isUri(text: string): boolean {
  return SCHEME.test(text) && URI_CHARACTERS.test(text);
}

export const formats: Readonly<Record<string, (text: string) => boolean>> = {
  date: isDate,
  time: isTime,
  'date-time': (text) => /^.{10}[tT ]/.test(text) && isDate(text.slice(0, 10)) && isTime(text.slice(11)),
  email: isEmail,
  hostname: isHostname,
  ipv4: (text) => isIPv4(text),
  ipv6: (text) => isIPv6(text) && !text.includes('%'),
  uri: isUri,
  uuid: (text) => UUID.test(text),
};
