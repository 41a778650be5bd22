import { type HeaderList, valuesOf } from './headerList.ts';

/**
 * Whether a Via field names this gateway as one that the request has passed (RFC 9110, 7.6.3). A client that writes the
 * pseudonym by itself refuses only itself.
 */
export function hasPassed(headers: HeaderList, pseudonym: string): boolean {
  const fields = valuesOf(headers, 'via');
  if (fields.length === 0) return false;
  const wanted = pseudonym.toLowerCase();
  return fields.some((field) =>
    // A member is a protocol, a name and perhaps a comment; pseudonyms of ours have neither comma nor parenthesis.
    field.split(',').some(
      (member) =>
        member
          .trim()
          .split(/[ \t]+/)[1]
          ?.toLowerCase() === wanted,
    ),
  );
}
