// Which versions and suites a place really takes, and which certificate it shows: one handshake a question.
import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { type CertificateFact, type Offer, type TlsProbe, type TlsVersion, tlsVersions } from '../facts/facts.ts';
import type { Place } from './edgeTarget.ts';

const HANDSHAKE_MS = 3000;
/** Everything this program has, old or weak: it is the other side that shall refuse. */
const EVERYTHING = 'ALL:COMPLEMENTOFALL:@SECLEVEL=0';
/** Without authentication, without encryption, with MD5, RC4 or blocks of 64 bits (RFC 9325, section 4.1). */
const WEAK = ['aNULL', 'eNULL', 'MD5', 'RC4', '3DES', 'DES', 'EXPORT', 'SEED', 'IDEA'];
const WEAK_ROUNDS = 4;
/** The same suites in two orders: of a server with an order of its own both end with the same one. */
const ORDERS = ['ECDHE+AESGCM+AES128:ECDHE+AESGCM+AES256', 'ECDHE+AESGCM+AES256:ECDHE+AESGCM+AES128'];

interface Handshake {
  readonly minVersion: TlsVersion;
  readonly maxVersion: TlsVersion;
  readonly ciphers: string;
}

type Outcome =
  | { readonly kind: 'agreed'; readonly cipher: string; readonly certificate: CertificateFact | null }
  | { readonly kind: 'refused'; readonly why: string }
  /** Nothing was said about the question: no connection, no answer in time, or it cannot be put by this program. */
  | { readonly kind: 'silent'; readonly why: string };

/** Sends no request, and never more than a dozen handshakes. Never rejects. */
export async function probeTls(place: Place, signal: AbortSignal, limitMs = HANDSHAKE_MS): Promise<TlsProbe> {
  const shake = (handshake: Handshake) => tryHandshake({ ...place, limitMs }, handshake, signal);
  const current = await shake({ minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3', ciphers: 'DEFAULT' });
  // Old servers alone refuse what is current.
  const any =
    current.kind === 'refused'
      ? await shake({ minVersion: 'TLSv1', maxVersion: 'TLSv1.3', ciphers: EVERYTHING })
      : current;
  if (any.kind === 'silent') return silent(any.why);
  const outcomes = await Promise.all(
    tlsVersions.map((version) => shake({ minVersion: version, maxVersion: version, ciphers: EVERYTHING })),
  );
  const offers = outcomes.map(
    ({ kind }): Offer => (kind === 'agreed' ? 'offered' : kind === 'refused' ? 'refused' : 'unknown'),
  );
  return {
    versions: Object.fromEntries(
      tlsVersions.map((version, at) => [version, offers[at] ?? 'unknown']),
    ) as TlsProbe['versions'],
    weakCiphers: await findWeakCiphers(shake),
    cipher: any.kind === 'agreed' ? any.cipher : null,
    order: await findOrder(shake),
    certificate: any.kind === 'agreed' ? any.certificate : null,
    failure: any.kind === 'agreed' ? null : any.why,
  };
}

function silent(failure: string): TlsProbe {
  return {
    versions: { TLSv1: 'unknown', 'TLSv1.1': 'unknown', 'TLSv1.2': 'unknown', 'TLSv1.3': 'unknown' },
    weakCiphers: null,
    cipher: null,
    order: null,
    certificate: null,
    failure,
  };
}

/** Each round takes away what the last one found. TLS 1.3 has no weak suite. */
async function findWeakCiphers(shake: (handshake: Handshake) => Promise<Outcome>): Promise<string[] | null> {
  const found: string[] = [];
  for (let round = 0; round < WEAK_ROUNDS; round++) {
    const ciphers = [...WEAK, ...found.map((name) => `!${name}`), '@SECLEVEL=0'].join(':');
    const outcome = await shake({ minVersion: 'TLSv1', maxVersion: 'TLSv1.2', ciphers });
    if (outcome.kind === 'silent') return found.length > 0 ? found : null;
    if (outcome.kind === 'refused') return found;
    found.push(outcome.cipher);
  }
  return found;
}

/** In TLS 1.3 every suite is sound, and most servers follow the client there. */
async function findOrder(shake: (handshake: Handshake) => Promise<Outcome>): Promise<TlsProbe['order']> {
  const both = ORDERS.map((ciphers) => shake({ minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', ciphers }));
  const [first, second] = await Promise.all(both);
  if (first?.kind !== 'agreed' || second?.kind !== 'agreed') return null;
  return first.cipher === second.cipher ? 'edge' : 'client';
}

function tryHandshake(
  { host, port, limitMs }: Place & { limitMs: number },
  handshake: Handshake,
  signal: AbortSignal,
): Promise<Outcome> {
  return new Promise((resolve) => {
    let isConnected = false;
    let socket: TLSSocket | undefined;
    const finish = (outcome: Outcome) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket?.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => finish({ kind: 'silent', why: 'it did not answer in time' }), limitMs);
    const abort = () => finish({ kind: 'silent', why: 'the question was taken back' });
    signal.addEventListener('abort', abort);
    try {
      // Whom the certificate is for is what is asked here, not a condition.
      socket = connect({ host, port, ...handshake, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] });
    } catch (error) {
      // No suite of the list is in this program.
      finish({ kind: 'silent', why: toReason(error) });
      return;
    }
    socket.once('connect', () => {
      isConnected = true;
    });
    socket.once('secureConnect', () => finish(toAgreement(socket as TLSSocket)));
    socket.on('error', (error) => finish({ kind: isConnected ? 'refused' : 'silent', why: toReason(error) }));
    socket.once('close', () => finish({ kind: isConnected ? 'refused' : 'silent', why: 'it closed the connection' }));
  });
}

function toAgreement(socket: TLSSocket): Outcome {
  const { name } = socket.getCipher();
  // Without authentication there is none.
  const shown = socket.getPeerCertificate(true) as DetailedPeerCertificate | Record<string, never>;
  return {
    kind: 'agreed',
    cipher: name,
    certificate: 'valid_to' in shown ? toCertificate(shown as DetailedPeerCertificate) : null,
  };
}

/** Untrusted text, and bounded. */
export function toCertificate(shown: DetailedPeerCertificate): CertificateFact {
  const names = (shown.subjectaltname ?? '').split(', ').map((name) => name.replace(/^(DNS|IP Address):/, ''));
  const text = (value: string | string[] | undefined) => [value ?? ''].flat().join(', ').slice(0, 200);
  return {
    names: [...names, text(shown.subject?.CN)].filter(Boolean).slice(0, 20),
    issuer: text(shown.issuer?.CN ?? shown.issuer?.O),
    validFrom: Date.parse(shown.valid_from),
    validTo: Date.parse(shown.valid_to),
    isSelfSigned:
      shown.issuerCertificate !== undefined && shown.issuerCertificate.fingerprint256 === shown.fingerprint256,
    keyBits: shown.bits ?? null,
  };
}

function toReason(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  if (code === 'ECONNREFUSED') return 'nothing listens there';
  if (code === 'ECONNRESET') return 'it closed the connection';
  return (code ?? message ?? 'unknown reason').slice(0, 120);
}
