// A line of `name=value` pairs, values with blanks in quotes: Prometheus, Grafana, Loki and many programs in Go.
import { findIds, type LineParts, toLevel } from './lineParts.ts';

const levelNames = ['level', 'lvl', 'severity'];
const messageNames = ['msg', 'message'];
const leftOut = new Set([...levelNames, ...messageNames, 't', 'time', 'ts', 'timestamp']);
/** One pair and the blanks behind it; a quoted value may hold escaped quotes. */
const pair = /([A-Za-z_][\w./-]*)=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))(?:\s+|$)/y;
const pairLimit = 40;
const fieldLimit = 24;

/** undefined for a line that is not made of pairs from its first character on, or names neither level nor message. */
export function readLogfmtLine(text: string): LineParts | undefined {
  if (!/^[A-Za-z_][\w./-]{0,60}=/.test(text)) return undefined;
  const pairs: [string, string][] = [];
  pair.lastIndex = 0;
  for (let match = pair.exec(text); match && pairs.length < pairLimit; match = pair.exec(text)) {
    const [, name = '', quoted, bare = ''] = match;
    if (!pairs.some(([known]) => known === name)) pairs.push([name, quoted === undefined ? bare : unquote(quoted)]);
    if (pair.lastIndex === text.length) break;
  }
  const find = (names: readonly string[]) => pairs.find(([name]) => names.includes(name.toLowerCase()))?.[1];
  const level = find(levelNames);
  const message = find(messageNames);
  if (level === undefined && message === undefined) return undefined;
  return {
    level: toLevel(level),
    message: message ?? '',
    fields: pairs.filter(([name]) => !leftOut.has(name.toLowerCase())).slice(0, fieldLimit),
    ...findIds(pairs),
  };
}

/** Escapes of Go's %q, as far as they stand for text. */
function unquote(text: string): string {
  return text.replace(/\\(.)/g, (_, character: string) => ({ n: ' ', r: ' ', t: ' ' })[character] ?? character);
}
