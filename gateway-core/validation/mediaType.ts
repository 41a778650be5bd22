// What a Content-Type says, as far as it decides whether and how a body is checked (RFC 9110, 8.3.1).
import { TOKEN } from '../headers/fieldSyntax.ts';

export interface MediaType {
  /** Lower case, without parameters: `application/json`. */
  readonly essence: string;
  /** Lower case; null when it is not said. */
  readonly charset: string | null;
}

const TYPE = new RegExp(`^(${TOKEN}/${TOKEN})[ \\t]*(;.*)?$`);
const PARAMETER = new RegExp(`;[ \\t]*(?:(${TOKEN})=(?:(${TOKEN})|"((?:[^"\\\\]|\\\\.)*)"))?[ \\t]*`, 'y');

/** undefined when it is not a media type, or says its charset twice. */
export function parseMediaType(value: string): MediaType | undefined {
  const [, essence, parameters = ''] = TYPE.exec(value.trim()) ?? [];
  if (essence === undefined) return undefined;
  let charset: string | null = null;
  PARAMETER.lastIndex = 0;
  while (PARAMETER.lastIndex < parameters.length) {
    const match = PARAMETER.exec(parameters);
    if (!match) return undefined;
    if (match[1]?.toLowerCase() !== 'charset') continue;
    if (charset !== null) return undefined;
    charset = (match[2] ?? match[3] ?? '').toLowerCase();
  }
  return { essence: essence.toLowerCase(), charset };
}

/** RFC 8259 and the suffix of RFC 6839, 3.1. */
export function isJsonType(essence: string): boolean {
  return essence === 'application/json' || essence.endsWith('+json');
}

/** `wanted` is an essence, or ends in `/*` and takes every subtype. */
export function fitsMediaType(essence: string, wanted: string): boolean {
  return wanted.endsWith('/*') ? essence.startsWith(wanted.slice(0, -1)) : essence === wanted;
}
