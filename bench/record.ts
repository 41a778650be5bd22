// Where a measurement keeps what it found: as JSON beside the others, and as a table in a page of docs.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const END = '<!-- end -->\n';
const results = fileURLToPath(new URL('results/', import.meta.url));

/** `results/NAME.json`, and everything between the two marks of the page is replaced. Throws when the page has no such marks. */
export function record(name: string, page: string, result: unknown, table: string): void {
  const begin = `<!-- written by npm run bench -- ${name} --record -->\n`;
  const path = fileURLToPath(new URL(`../docs/${page}`, import.meta.url));
  const text = readFileSync(path, 'utf8');
  const from = text.indexOf(begin);
  const to = text.indexOf(END, from);
  if (from === -1 || to < from) throw new Error(`${path} has lost the marks between which the tables stand`);
  mkdirSync(results, { recursive: true });
  writeFileSync(`${results}${name}.json`, `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(path, text.slice(0, from + begin.length) + table + text.slice(to));
}

/** The first column to the left, all others as figures. */
export function toMarkdownTable(head: readonly string[], lines: readonly (readonly string[])[]): string {
  return [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('');
}
