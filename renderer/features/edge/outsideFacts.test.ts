import { expect, test } from 'vitest';
import type { EdgeCertificate, EdgeTraffic, OutsideView } from '../../../app/contract/index.ts';
import { sayCertificate, sayFigures, sayRedirect, sayTiming, sayTurnedAway } from './outsideFacts.ts';

const now = 1_800_000_000_000;
const day = 86_400_000;
const certificate = (given: Partial<EdgeCertificate> = {}): EdgeCertificate => ({
  subject: 'shop.example',
  issuer: 'R3',
  names: [],
  validFrom: now - day,
  validTo: now + 23 * day,
  isSelfSigned: false,
  publicTrust: { holds: true, reason: null },
  localTrust: null,
  fitsName: null,
  ...given,
});
const unknown = { holds: false, reason: 'SELF_SIGNED_CERT_IN_CHAIN' };

test.each([
  ['publicly known', {}, 'ok', /^23 d left · publicly known/],
  ['about to end', { validTo: now + 3 * day }, 'degraded', /^3 d left/],
  ['at its end', { validTo: now - day }, 'down', /ran out 1 d/],
  [
    "of the stack's own authority",
    { publicTrust: unknown, localTrust: { holds: true, reason: null } },
    'ok',
    /own authority/,
  ],
  ['of nobody', { publicTrust: unknown, localTrust: unknown }, 'degraded', /no known authority/],
  ['for another name', { fitsName: false }, 'degraded', /not for the name/],
] as const)('a certificate %s', (_, given, level, text) => {
  const said = sayCertificate({ certificate: certificate(given) }, now);
  expect(said?.level).toBe(level);
  expect(said?.text).toMatch(text);
});

test('what was not measured is left out, and never a zero', () => {
  const timing = { dnsMs: null, connectMs: 0.42, tlsMs: null, firstByteMs: 12.4, totalMs: 13 };
  expect(sayTiming({ timing })).toBe('connect 0.4 · first byte 12 ms');
  expect(sayTiming({ timing: null })).toBeNull();
  expect(sayCertificate({ certificate: null }, now)).toBeNull();
  expect(sayFigures({ requestsPerSecond: null, errorShare: null, p95Ms: null })).toBe('not known yet');
  expect(sayFigures({ requestsPerSecond: 2, errorShare: 0.5, p95Ms: null })).toBe('2.0/s · 50.0 % errors');
});

test.each<[OutsideView['redirect'], string | undefined]>([
  [{ status: 301, isToHttps: true }, 'ok'],
  [{ status: 200, isToHttps: false }, 'degraded'],
  [{ status: null, isToHttps: false }, 'unknown'],
  [null, undefined],
])('plain HTTP: %j', (redirect, level) => {
  expect(sayRedirect({ redirect })?.level).toBe(level);
});

test('who was turned away is only said when somebody was', () => {
  const total = (limitedShare: number) => ({ limitedShare }) as EdgeTraffic['total'];
  expect(sayTurnedAway({ total: total(0), clientsLeftShare: 0 })).toBeNull();
  expect(sayTurnedAway({ total: total(0.25), clientsLeftShare: 0.01 })).toBe(
    'limited (429) 25.0 % · gave up (499) 1.0 %',
  );
});
