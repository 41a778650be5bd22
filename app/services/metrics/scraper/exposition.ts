// Reads Prometheus's text format, as a gateway answers it at /metrics. Pure; what is said is not trusted.

export interface ExposedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Exposition {
  readonly samples: ExposedSample[];
  /** Lines that are no sample, or too much: too many, too long. */
  readonly skipped: number;
}

const sampleLimit = 20_000;
const lineLimit = 8192;
const labelLimit = 64;

/** Samples whose name is wanted. Time stamps are not read: the moment of the scrape is the moment. */
export function parseExposition(text: string, isWanted: (name: string) => boolean): Exposition {
  const samples: ExposedSample[] = [];
  let skipped = 0;
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(line)?.[0];
    if (name !== undefined && !isWanted(name)) continue;
    const sample =
      name !== undefined && line.length <= lineLimit && samples.length < sampleLimit
        ? parseSample(name, line)
        : undefined;
    if (sample) samples.push(sample);
    else if (line.trim() !== '') skipped += 1;
  }
  return { samples, skipped };
}

function parseSample(name: string, line: string): ExposedSample | undefined {
  const labels = parseLabels(line, name.length);
  if (!labels) return undefined;
  const [text = ''] = line.slice(labels.end).trim().split(/\s+/);
  const value = parseValue(text);
  return value === undefined ? undefined : { name, labels: labels.values, value };
}

/** `{a="b",c="d",}` from `start` on; without it there are none. */
function parseLabels(line: string, start: number) {
  // No prototype: a label may be called __proto__.
  const values: Record<string, string> = Object.create(null);
  const open = /\s*\{/y;
  open.lastIndex = start;
  if (!open.test(line)) return { values, end: start };
  const pair = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,|(?=\}))/y;
  const close = /\s*\}/y;
  let at = open.lastIndex;
  for (let count = 0; count <= labelLimit; count += 1) {
    close.lastIndex = at;
    if (close.test(line)) return { values, end: close.lastIndex };
    pair.lastIndex = at;
    const match = pair.exec(line);
    if (!match) return undefined;
    values[match[1] ?? ''] = withoutEscapes(match[2] ?? '');
    at = pair.lastIndex;
  }
  return undefined;
}

function withoutEscapes(text: string): string {
  return text.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
}

function parseValue(text: string): number | undefined {
  if (text === '+Inf' || text === 'Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  if (text === 'NaN') return Number.NaN;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
}
