// Two texts as a unified diff, for `patch` and for reading. Pure.

const CONTEXT = 3;
/** Cells of the table of common lines: 2,000 changed lines against as many. Beyond, all in between is replaced. */
const CELL_LIMIT = 4_000_000;

type Line = { readonly kind: ' ' | '-' | '+'; readonly text: string };

/** Empty when they are the same. `name` is the file's, in the two lines of the head. */
export function toPatch(before: string, after: string, name: string): string {
  const lines = diffLines(splitLines(before), splitLines(after));
  const hunks = toHunks(lines);
  return hunks.length === 0 ? '' : [`--- ${name}`, `+++ ${name}`, ...hunks, ''].join('\n');
}

/** A last line without an end is said to have none, as `diff` does it. */
function splitLines(text: string): string[] {
  if (text === '') return [];
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  return last === '' ? lines : [...lines, `${last}\n\\ No newline at end of file`];
}

/** Every line of both, in order; common ones once. */
export function diffLines(before: readonly string[], after: readonly string[]): Line[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const left = before.slice(start, before.length - end);
  const right = after.slice(start, after.length - end);
  const same = (texts: readonly string[]): Line[] => texts.map((text) => ({ kind: ' ', text }));
  return [...same(before.slice(0, start)), ...diffMiddle(left, right), ...same(before.slice(before.length - end))];
}

function diffMiddle(left: readonly string[], right: readonly string[]): Line[] {
  const removed = left.map((text): Line => ({ kind: '-', text }));
  const added = right.map((text): Line => ({ kind: '+', text }));
  if (left.length * right.length > CELL_LIMIT || left.length === 0 || right.length === 0) return [...removed, ...added];
  const width = right.length + 1;
  /** Of each pair of suffixes, how many lines they have in common. */
  const common = new Uint32Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i--)
    for (let j = right.length - 1; j >= 0; j--) {
      const isSame = left[i] === right[j];
      const below = common[(i + 1) * width + j] ?? 0;
      const beside = common[i * width + j + 1] ?? 0;
      common[i * width + j] = isSame ? (common[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(below, beside);
    }
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < left.length && j < right.length) {
    if (left[i] === right[j]) lines.push({ kind: ' ', text: left[i++] ?? '' }) && j++;
    else if ((common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))
      lines.push({ kind: '-', text: left[i++] ?? '' });
    else lines.push({ kind: '+', text: right[j++] ?? '' });
  }
  return [...lines, ...removed.slice(i), ...added.slice(j)];
}

function toHunks(lines: readonly Line[]): string[] {
  const shown = new Set<number>();
  lines.forEach(({ kind }, index) => {
    if (kind === ' ') return;
    for (let near = index - CONTEXT; near <= index + CONTEXT; near++)
      if (near >= 0 && near < lines.length) shown.add(near);
  });
  const text: string[] = [];
  let [before, after] = [1, 1];
  for (let index = 0; index < lines.length; ) {
    const end = findHunkEnd(shown, index);
    const hunk = lines.slice(index, Math.max(end, index + 1));
    const old = hunk.filter(({ kind }) => kind !== '+').length;
    const now = hunk.filter(({ kind }) => kind !== '-').length;
    if (end > index) {
      // Of nothing the line before it is named (as `diff -u` does).
      text.push(`@@ -${old === 0 ? before - 1 : before},${old} +${now === 0 ? after - 1 : after},${now} @@`);
      text.push(...hunk.map(({ kind, text: line }) => `${kind}${line}`));
    }
    before += old;
    after += now;
    index += hunk.length;
  }
  return text;
}

function findHunkEnd(shown: ReadonlySet<number>, start: number): number {
  let end = start;
  while (shown.has(end)) end += 1;
  return end;
}
