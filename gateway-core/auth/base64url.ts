/**
 * The bytes of a base64url text (RFC 4648, 5), undefined when it is not the one spelling that encoding them gives:
 * padding, white space, `+` and `/`, foreign characters and unused bits that are not zero are all refused. A decoder
 * that is lenient gives one token many spellings, and what compares or blocks tokens by their text is passed by.
 */
export function decodeBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}
