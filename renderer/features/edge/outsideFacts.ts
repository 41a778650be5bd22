// The view from outside in words: pure, for the panel, the topology and their tests alike.
import type { EdgeTraffic, Figures, Level, OutsideView } from '../../../app/contract/index.ts';
import { formatAge, formatMs, formatPercent, formatRate } from '../../components/format.ts';

/** `connect 0.4 · TLS 3.1 · first byte 12 ms`; null before an answer. */
export function sayTiming({ timing }: Pick<OutsideView, 'timing'>): string | null {
  if (!timing) return null;
  const parts = [
    ['DNS', timing.dnsMs],
    ['connect', timing.connectMs],
    ['TLS', timing.tlsMs],
    ['first byte', timing.firstByteMs],
  ] as const;
  const known = parts.filter(([, ms]) => ms !== null).map(([name, ms]) => `${name} ${formatMs(ms)}`);
  return known.length === 0 ? null : `${known.join(' · ')} ms`;
}

/** The answer in short where it is well, for the rest stands beside it; else all that is wrong. */
export function sayAnswer({ level, status, timing, sentence }: OutsideView): string {
  return level === 'ok' && timing ? `${status} in ${formatMs(timing.totalMs)} ms` : sentence;
}

export interface Said {
  level: Level;
  text: string;
}

const soonMs = 14 * 24 * 3_600_000;

/** Who vouches for the certificate, and for how long it holds; null without TLS. */
export function sayCertificate({ certificate }: Pick<OutsideView, 'certificate'>, now: number): Said | null {
  if (!certificate) return null;
  const { validTo, publicTrust, localTrust, fitsName } = certificate;
  const left = validTo - now;
  if (left <= 0) return { level: 'down', text: `ran out ${formatAge(-left)} ago` };
  const holds = `${formatAge(left)} left`;
  if (fitsName === false) return { level: 'degraded', text: `${holds} · not for the name that clients use` };
  if (publicTrust.holds) return { level: left < soonMs ? 'degraded' : 'ok', text: `${holds} · publicly known` };
  if (localTrust?.holds) return { level: 'ok', text: `${holds} · by the stack's own authority` };
  return { level: 'degraded', text: `${holds} · no known authority` };
}

/** What plain HTTP does beside TLS; null where there is no TLS, or no plain port. */
export function sayRedirect({ redirect }: Pick<OutsideView, 'redirect'>): Said | null {
  if (!redirect) return null;
  if (redirect.isToHttps) return { level: 'ok', text: `redirects to HTTPS (${redirect.status})` };
  if (redirect.status === null) return { level: 'unknown', text: 'does not answer' };
  return { level: 'degraded', text: `answers ${redirect.status} without TLS` };
}

/** `12.0/s · 0.4 % errors · p95 18 ms`. */
export function sayFigures({
  requestsPerSecond,
  errorShare,
  p95Ms,
}: Pick<Figures, 'requestsPerSecond' | 'errorShare' | 'p95Ms'>): string {
  if (requestsPerSecond === null) return 'not known yet';
  if (requestsPerSecond === 0) return 'no request';
  const latency = p95Ms === null ? null : `p95 ${formatMs(p95Ms)} ms`;
  return [`${formatRate(requestsPerSecond)}/s`, `${formatPercent(errorShare)} % errors`, latency]
    .filter(Boolean)
    .join(' · ');
}

/** What only the edge sees of its clients; null where there was nothing of it. */
export function sayTurnedAway({
  total,
  clientsLeftShare,
}: Pick<EdgeTraffic, 'total' | 'clientsLeftShare'>): string | null {
  const limited = total.limitedShare ?? 0;
  const left = clientsLeftShare ?? 0;
  if (limited === 0 && left === 0) return null;
  return `limited (429) ${formatPercent(limited)} % · gave up (499) ${formatPercent(left)} %`;
}

const comparisonLevels = {
  same: 'ok',
  'edge-refuses': 'degraded',
  'gateway-unreachable': 'down',
  'tls-fails': 'degraded',
  'clients-leave': 'degraded',
  'answers-differ': 'degraded',
  'gateway-not-seen': 'unknown',
  'nothing-to-compare': 'unknown',
} as const satisfies Record<NonNullable<EdgeTraffic['comparison']>['verdict'], Level>;

export function sayComparison({ comparison }: Pick<EdgeTraffic, 'comparison'>): Said | null {
  return comparison && { level: comparisonLevels[comparison.verdict], text: comparison.sentence };
}
