const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** `1h30m`, as PromQL and Prometheus write it, in ms; null for what is none. */
export function parseDuration(text: string): number | null {
  if (!/^(?:\d{1,9}(?:ms|[smhdw]))+$/.test(text)) return null;
  return [...text.matchAll(/(\d+)(ms|[smhdw])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * unitMs[unit as keyof typeof unitMs],
    0,
  );
}
