// Durations and sizes as compose writes them.

const units: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** `1m30s`, `500ms`, `1.5h` in nanoseconds, as the engine wants them; undefined for what is no duration. */
export function toNanoseconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (text === '0') return 0;
  if (!/^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)) {
    total += Number(amount) * (units[unit ?? ''] ?? 0);
  }
  return Math.round(total);
}

export function toMs(text: string | undefined): number | undefined {
  const nanoseconds = toNanoseconds(text);
  return nanoseconds === undefined ? undefined : nanoseconds / 1e6;
}

const powers: Readonly<Record<string, number>> = { b: 0, k: 1, m: 2, g: 3, t: 4 };

/** `64m`, `1.5gb`, `1024` in bytes; undefined for what is no size. */
export function toBytes(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  const match = /^(-?\d+(?:\.\d+)?)\s*([bkmgt])?i?b?$/i.exec(typeof value === 'string' ? value.trim() : '');
  if (!match) return undefined;
  return Math.round(Number(match[1]) * 1024 ** (powers[(match[2] ?? 'b').toLowerCase()] ?? 0));
}

/** `5s`, `1m30s`, `500ms`: the shortest text that toNanoseconds reads back. */
export function formatNanoseconds(nanoseconds: number): string {
  if (nanoseconds % 1e9 !== 0) return nanoseconds % 1e6 === 0 ? `${nanoseconds / 1e6}ms` : `${nanoseconds}ns`;
  const seconds = nanoseconds / 1e9;
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'm'],
    [seconds % 60, 's'],
  ] as const;
  return (
    parts
      .filter(([amount]) => amount > 0)
      .map(([amount, unit]) => `${amount}${unit}`)
      .join('') || '0s'
  );
}

/** `64m`, `1536k`, `1000` in bytes: exact, and read back by toBytes. */
export function formatExactBytes(bytes: number): string {
  for (const [unit, power] of [
    ['g', 3],
    ['m', 2],
    ['k', 1],
  ] as const) {
    if (bytes !== 0 && bytes % 1024 ** power === 0) return `${bytes / 1024 ** power}${unit}`;
  }
  return String(bytes);
}
