// JSON of strangers. Two parsers that read one text differently are a way past whichever of them checks (RFC 8725, 2.4).

/** Beyond this no token of an issuer nests; a claim rule could not name it either. */
const MAXIMUM_DEPTH = 32;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export type JsonObject = Readonly<Record<string, unknown>>;

/** The object that the bytes say, undefined when they are not UTF-8, no object, too deep, or name a member twice. */
export function parseJsonObject(bytes: Uint8Array): JsonObject | undefined {
  try {
    const text = utf8.decode(bytes);
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) && isUnambiguous(text) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member of the object itself: `constructor` is none, whatever the prototype has. */
export function memberOf(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Walks a text that is known to be JSON. RFC 7519, 4 lets a parser refuse a repeated name or take the last; we refuse. */
function isUnambiguous(text: string): boolean {
  /** The names seen in each open object; null for an open array. */
  const open: (Set<string> | null)[] = [];
  let isName = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === '"') {
      const end = findStringEnd(text, index);
      const names = open.at(-1);
      if (isName && names) {
        const name = JSON.parse(text.slice(index, end + 1)) as string;
        if (names.has(name)) return false;
        names.add(name);
      }
      isName = false;
      index = end;
    } else if (character === '{' || character === '[') {
      if (open.push(character === '{' ? new Set() : null) > MAXIMUM_DEPTH) return false;
      isName = character === '{';
    } else if (character === '}' || character === ']') open.pop();
    else if (character === ',') isName = open.at(-1) instanceof Set;
  }
  return true;
}

function findStringEnd(text: string, start: number): number {
  let index = start + 1;
  while (text[index] !== '"') index += text[index] === '\\' ? 2 : 1;
  return index;
}
