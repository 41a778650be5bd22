import { createHash } from 'node:crypto';
import { isSecretName, mask, maskText } from '../stack/maskSecrets.ts';

const limitCharacters = 2048;

/** An operation's input as JSON for the audit log: secrets masked by name and in texts, cut to 2 KiB. Never throws. */
export function summariseInput(input: unknown): string {
  if (input === undefined) return '';
  try {
    const text = JSON.stringify(input, (name, value: unknown) => {
      if (name !== '' && isSecretName(name) && value !== '' && value !== null) return mask;
      // A secret may stand anywhere in a document; its digest says which one it was.
      if (name === 'document' && typeof value === 'string') return toDigest(value);
      return typeof value === 'string' ? maskText(value) : value;
    });
    return text.length > limitCharacters ? `${text.slice(0, limitCharacters - 1)}…` : text;
  } catch {
    return 'could not be written down';
  }
}

function toDigest(text: string): string {
  return `${text.length} characters, sha256 ${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}
