// What clients get at the edge, as probes through its published ports have seen it.
import {
  type CertificateFact,
  type EdgeLimits,
  type EdgeProbe,
  type HttpProbe,
  type PostureFacts,
  type TlsProbe,
  tlsVersions,
} from '../facts/facts.ts';
import { fail, inProduction, model, pass, type Rule, toFinding, toList, unknown, type Verdict } from './rule.ts';

const SUBJECT = 'edge';
const DAY_MS = 86_400_000;
const RENEW_DAYS = 14;
/** 31536000 s, as the security model has it. */
const HSTS_SECONDS = 31_536_000;

/** A rule on one part of a probe; unknown where there was no probe, not applicable where there is no edge. */
function ofEdge(
  judge: (probe: EdgeProbe, facts: PostureFacts) => Verdict | null,
  where: (probe: EdgeProbe) => string,
): Rule['judge'] {
  return (facts) => {
    const { edge } = facts;
    if (edge.state === 'absent') return [];
    if (edge.state === 'unknown') return [toFinding(SUBJECT, 'no probe', unknown(edge.why))];
    const verdict = judge(edge.probe, facts);
    return verdict ? [toFinding(SUBJECT, where(edge.probe), verdict)] : [];
  };
}

const handshake = ({ https }: EdgeProbe) => `handshake with ${https ?? 'the edge'}`;
const answer = ({ https, http }: EdgeProbe) => `answer of ${https ?? http ?? 'the edge'}`;
const noTls = unknown('nothing is published for HTTPS, so that there was nothing to shake hands with');

function ofTls(judge: (tls: TlsProbe, facts: PostureFacts) => Verdict): Rule['judge'] {
  return ofEdge((probe, facts) => (probe.tls ? judge(probe.tls, facts) : noTls), handshake);
}

function ofAnswer(
  pick: (probe: EdgeProbe) => HttpProbe | null,
  judge: (answered: Extract<HttpProbe, { state: 'answered' }>) => Verdict,
): Rule['judge'] {
  return ofEdge((probe) => {
    const seen = pick(probe);
    if (seen === null) return unknown('nothing is published that could be asked');
    return seen.state === 'failed' ? unknown(`the edge could not be asked: ${seen.why}`) : judge(seen);
  }, answer);
}

function judgeVersions({ versions, failure }: TlsProbe): Verdict {
  const offered = tlsVersions.filter((version) => versions[version] === 'offered');
  const old = offered.filter((version) => version === 'TLSv1' || version === 'TLSv1.1');
  if (old.length > 0) return fail(`offers ${toList(old)}`);
  if (offered.length === 0) return unknown(`no handshake came to an end: ${failure ?? 'no version was taken'}`);
  const open = tlsVersions.filter((version) => versions[version] === 'unknown');
  if (open.length > 0) return unknown(`offers ${toList(offered)}; whether ${toList(open)} too could not be asked`);
  return pass(`offers ${toList(offered)} alone`);
}

function judgeCiphers({ weakCiphers, cipher, failure }: TlsProbe): Verdict {
  if (weakCiphers === null) return unknown(`could not be asked: ${failure ?? 'weak suites are not in this program'}`);
  if (weakCiphers.length > 0) return fail(`takes ${toList(weakCiphers)}`);
  return cipher === null
    ? unknown(failure ?? 'no handshake came to an end')
    : pass(`takes none of them; agreed on ${cipher}`);
}

function judgeCertificate(certificate: CertificateFact, now: number): Verdict {
  const days = Math.floor((certificate.validTo - now) / DAY_MS);
  const until = new Date(certificate.validTo).toISOString().slice(0, 10);
  if (days < 0) return fail(`expired on ${until}`);
  if (certificate.validFrom > now)
    return fail(`counts from ${new Date(certificate.validFrom).toISOString().slice(0, 10)} only`);
  if (days < RENEW_DAYS) return fail(`expires in ${days} days, on ${until}`);
  return pass(`counts until ${until}${certificate.isSelfSigned ? '; it is self-signed' : ''}`);
}

/** A value that a later field repeats is judged as the browser reads it: the first one. */
function judgeHeaders(headers: Readonly<Record<string, string>>, isTls: boolean): Verdict {
  const missing: string[] = [];
  const hsts = Number(/max-age="?(\d+)/i.exec(headers['strict-transport-security'] ?? '')?.[1] ?? 0);
  if (isTls && hsts < HSTS_SECONDS)
    missing.push(hsts === 0 ? 'Strict-Transport-Security' : `Strict-Transport-Security of a year (it says ${hsts} s)`);
  if (isTls && hsts > 0 && !/includesubdomains/i.test(headers['strict-transport-security'] ?? ''))
    missing.push('includeSubDomains');
  const isFramed = /^(sameorigin|deny)$/i.test(headers['x-frame-options'] ?? '');
  if (!isFramed && !/frame-ancestors/i.test(headers['content-security-policy'] ?? '')) missing.push('X-Frame-Options');
  if (!/^nosniff$/i.test(headers['x-content-type-options'] ?? '')) missing.push('X-Content-Type-Options: nosniff');
  if (missing.length > 0) return fail(`answers without ${toList(missing)}`);
  return pass('sends all of them');
}

/** What can be tried is tried (`edge.rate-limit`); how many connections are too many, or sign-ins, is read. */
function judgeLimits({ requests, connections }: EdgeLimits): Verdict {
  const missing = [
    ...(requests.length === 0 ? ['requests'] : []),
    ...(requests.length === 1 ? ['sign-ins by a zone of their own'] : []),
    ...(connections.length === 0 ? ['connections'] : []),
  ];
  if (missing.length > 0) return fail(`limits no ${missing.join(' and no ')}`);
  return pass(`limits by ${toList([...requests, ...connections])}`);
}

export const edgeRules: readonly Rule[] = [
  {
    id: 'tls.versions',
    severity: 'high',
    title: 'The edge offers TLS 1.2 and 1.3 alone',
    remedy: 'Write `ssl_protocols TLSv1.2 TLSv1.3;`.',
    source: `${model('Security Model 4, SSL/TLS Configuration')}; RFC 8996`,
    modes: inProduction,
    judge: ofTls(judgeVersions),
  },
  {
    id: 'tls.ciphers',
    severity: 'high',
    title: 'The edge takes no suite without authentication, encryption or a sound hash',
    remedy: 'Write `ssl_ciphers HIGH:!aNULL:!MD5;`.',
    source: `${model('Security Model 4, SSL/TLS Configuration')}; RFC 9325, section 4.1`,
    modes: inProduction,
    judge: ofTls(judgeCiphers),
  },
  {
    id: 'tls.preference',
    severity: 'low',
    title: 'The edge chooses the suite, not the client',
    remedy: 'Write `ssl_prefer_server_ciphers on;`.',
    source: model('Security Model 4, SSL/TLS Configuration'),
    modes: inProduction,
    judge: ofTls(({ order, failure }) => {
      if (order === null) return unknown(failure ?? 'it takes none of the suites of TLS 1.2 that were tried');
      return order === 'edge' ? pass('keeps to its own order') : fail('takes what the client names first');
    }),
  },
  {
    id: 'tls.certificate',
    severity: 'high',
    title: `The certificate counts for ${RENEW_DAYS} more days`,
    remedy: 'Renew it, and reload the edge: `docker exec EDGE nginx -s reload`.',
    source: model('Architecture Overview, SSL Termination'),
    modes: inProduction,
    judge: ofTls(({ certificate, failure }, { now }) =>
      certificate ? judgeCertificate(certificate, now) : unknown(failure ?? 'no certificate was shown'),
    ),
  },
  {
    id: 'edge.redirect',
    severity: 'high',
    title: 'Plain HTTP is answered with a redirect to HTTPS',
    remedy: 'Write `return 301 https://$host$request_uri;` for the server on 80.',
    source: model('Architecture Overview, HTTP (80) → Redirect to HTTPS'),
    modes: inProduction,
    judge: ofEdge(
      ({ redirect }) => {
        // Nothing on 80 is as closed as a redirect.
        if (redirect === null) return pass('nothing is published for plain HTTP');
        if (redirect.state === 'failed') return unknown(`could not be asked: ${redirect.why}`);
        const location = redirect.headers.location ?? '';
        const isPermanent = [301, 302, 303, 307, 308].includes(redirect.status);
        return isPermanent && /^https:\/\//i.test(location)
          ? pass(`answers ${redirect.status} to HTTPS`)
          : fail(`answers ${redirect.status}${location ? ` to ${location.slice(0, 60)}` : ''} in plain text`);
      },
      ({ http }) => `answer of ${http ?? 'the edge'}`,
    ),
  },
  {
    id: 'edge.headers',
    severity: 'medium',
    title: 'Answers carry the security headers',
    remedy: 'Write the `add_header … always;` lines of the security model where the server is, and in no inner level.',
    source: `${model('Security Model 4, Security Headers')}; RFC 6797`,
    modes: inProduction,
    judge: (facts) =>
      ofAnswer(
        ({ answer: seen }) => seen,
        ({ headers }) => judgeHeaders(headers, facts.edge.state === 'probed' && facts.edge.probe.https !== null),
      )(facts),
  },
  {
    id: 'edge.xss-header',
    severity: 'info',
    title: 'Answers carry X-XSS-Protection for browsers that still know it',
    remedy: 'Write `add_header X-XSS-Protection "1; mode=block" always;`.',
    source: model('Security Model 4, Security Headers'),
    modes: inProduction,
    judge: ofAnswer(
      ({ answer: seen }) => seen,
      ({ headers }) => (headers['x-xss-protection'] ? pass('sends it') : fail('answers without it')),
    ),
  },
  {
    id: 'edge.version',
    severity: 'low',
    title: 'The edge does not tell its version',
    remedy: 'Write `server_tokens off;`.',
    source: 'OWASP WSTG 4.2, WSTG-INFO-02',
    modes: inProduction,
    judge: ofAnswer(
      ({ answer: seen }) => seen,
      ({ headers }) => {
        const told = [headers.server, headers['x-powered-by']].find((value) => value !== undefined && /\d/.test(value));
        return told === undefined ? pass('tells none') : fail(`tells ${told.slice(0, 40)}`);
      },
    ),
  },
  {
    id: 'edge.limits',
    severity: 'medium',
    title: 'Requests, sign-ins and connections of one client have limits at the edge',
    remedy: 'Write `limit_req` with a zone of its own where callers sign in and another elsewhere, and `limit_conn`.',
    source: model('Security Model 4, Rate Limiting'),
    modes: inProduction,
    judge: ({ edgeFile }) => {
      if (edgeFile.state === 'absent') return [];
      if (edgeFile.state === 'unknown') return [toFinding(SUBJECT, 'no configuration', unknown(edgeFile.why))];
      return [toFinding(SUBJECT, edgeFile.where, judgeLimits(edgeFile.limits))];
    },
  },
  {
    id: 'edge.rate-limit',
    severity: 'medium',
    title: 'A burst of one client is limited',
    remedy: 'Write `limit_req zone=api_limit burst=20 nodelay;` in each location that is passed on.',
    source: model('Security Model 4, Rate Limiting'),
    modes: inProduction,
    judge: ofEdge(
      ({ limits }) => {
        if (limits === null)
          return unknown('not tried: it takes a burst of requests, which is sent only when asked for');
        const seen = `${limits.limited} of ${limits.sent} requests got 429 within ${limits.tookMs} ms`;
        if (limits.answered === 0) return unknown('no request of the burst was answered');
        return limits.limited > 0
          ? pass(seen)
          : fail(`${limits.answered} of ${limits.sent} requests passed, none was limited`);
      },
      ({ limits }) => (limits ? `burst at ${limits.target}` : 'no probe'),
    ),
  },
];
