// Which paths of a context are left out, by the rules of .dockerignore: the last pattern that matches decides, `!` brings
// back, and what matches a folder matches what is in it.

interface Pattern {
  readonly text: string;
  readonly isException: boolean;
  readonly regex: RegExp;
}

export interface Ignore {
  /** For a path relative to the context, with slashes. */
  isIgnored(path: string): boolean;
  /** Whether something in the folder may be brought back although the folder is left out. */
  mayHoldExceptions(folder: string): boolean;
}

export function parseIgnore(text: string): Ignore {
  const patterns = text.split('\n').flatMap((line) => toPattern(line) ?? []);
  return {
    isIgnored(path) {
      const parts = path.split('/');
      let ignored = false;
      for (const { isException, regex } of patterns) {
        if (isException !== ignored) continue;
        const matches = parts.some((_, index) => regex.test(parts.slice(0, index + 1).join('/')));
        if (matches) ignored = !isException;
      }
      return ignored;
    },
    mayHoldExceptions: (folder) =>
      patterns.some(({ isException, text: pattern }) => isException && `${pattern}/`.startsWith(`${folder}/`)),
  };
}

function toPattern(line: string): Pattern | undefined {
  const trimmed = line.trim();
  if (trimmed === '' || trimmed.startsWith('#')) return undefined;
  const isException = trimmed.startsWith('!');
  const text = clean(isException ? trimmed.slice(1).trim() : trimmed);
  return text === '' ? undefined : { text, isException, regex: toRegex(text) };
}

/** Without leading and trailing slashes, `.` and `..` parts resolved, as Go's filepath.Clean. */
function clean(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

function toRegex(pattern: string): RegExp {
  let source = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const rest = pattern.slice(at);
    const character = pattern[at] ?? '';
    if (rest.startsWith('**/')) {
      source += '(?:.*/)?';
      at += 2;
    } else if (rest.startsWith('**')) {
      source += '.*';
      at += 1;
    } else if (character === '*') source += '[^/]*';
    else if (character === '?') source += '[^/]';
    else if (character === '\\' && at + 1 < pattern.length) {
      source += toLiteral(pattern[at + 1] ?? '');
      at += 1;
    } else if (character === '[' && rest.indexOf(']') > 1) {
      const end = rest.indexOf(']');
      source += `[${rest.slice(1, end).replaceAll('\\', '\\\\')}]`;
      at += end;
    } else source += toLiteral(character);
  }
  return new RegExp(`^${source}$`, 's');
}

const toLiteral = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
