// A moment as an operator writes it: how long ago, a time of today, or a date. Pure; all times are UTC.

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Epoch ms; null for what is no moment. `15m` and `1h30m` are so long ago, `14:03` and `14:03:29.412` the last time that
 * the clock showed that, `2026-01-02`, `2026-01-02 14:03:29` and RFC 3339 are dates, 13 digits are epoch ms.
 */
export function parseMoment(text: string, now: number): number | null {
  const written = text.trim();
  if (/^\d{13}$/.test(written)) return Number(written);
  if (/^(?:\d{1,6}[smhd]){1,4}$/.test(written)) {
    const parts = [...written.matchAll(/(\d+)([smhd])/g)];
    return Math.max(0, now - parts.reduce((sum, [, count, unit = 's']) => sum + Number(count) * (units[unit] ?? 0), 0));
  }
  if (/^\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?$/.test(written)) {
    const today = Date.parse(`${new Date(now).toISOString().slice(0, 10)}T${written.padEnd(8, ':00')}Z`);
    if (Number.isNaN(today)) return null;
    return today > now ? today - 86_400_000 : today;
  }
  if (!/^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?)?$/.test(written)) return null;
  const date = written.replace(' ', 'T');
  const at = Date.parse(date.length > 10 && !/(?:Z|[+-]\d\d:\d\d)$/.test(date) ? `${date}Z` : date);
  return Number.isNaN(at) ? null : at;
}
