// From one probe to what a client would say of it, and from several to a level that a hiccup does not change. Pure.
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { EdgeCertificate, Level, OutsideView } from '../../contract/index.ts';
import { toPlaceText } from '../posture/probes/edgeTarget.ts';
import type { Asked, ShownCertificate } from '../posture/probes/httpProbe.ts';
import type { FoundOutside } from './outsideTarget.ts';

export interface OutsideProbe {
  /** Epoch ms. */
  readonly at: number;
  readonly target: FoundOutside;
  readonly asked: Asked;
  /** Of plain HTTP beside TLS. */
  readonly plain: Asked | null;
  /** Why the stack's own authority does not vouch for the certificate; null when it does; undefined: there is none. */
  readonly localProblem: string | null | undefined;
  /** The engine is another machine's: what does not answer may be a firewall on the way. */
  readonly isRemote: boolean;
}

const dayMs = 24 * 3_600_000;
const soonMs = 14 * dayMs;
/** Certificates that live for days are renewed within hours. */
const shortLifeMs = 30 * dayMs;
const severity: Record<Level, number> = { ok: 0, unknown: 1, degraded: 2, down: 3 };

export interface Judgement {
  readonly level: Level;
  readonly sentence: string;
}

export function judgeProbe(probe: OutsideProbe): Judgement {
  const { asked, target, isRemote } = probe;
  const { answer, timing } = asked;
  const where = toPlaceText(placeOf(target));
  if (answer.state === 'failed') {
    const isSilent = answer.why.includes('in time');
    return {
      level: isRemote && isSilent ? 'unknown' : 'down',
      sentence: `Nothing is served at ${where}: ${answer.why}.`,
    };
  }
  const said = `${answer.status} in ${Math.max(1, Math.round(timing.totalMs))} ms at ${where}`;
  if (answer.status >= 500) return { level: 'down', sentence: `${said}: clients get an error for ${target.path}.` };
  const trouble = findCertificateTrouble(probe);
  if (trouble) return { level: trouble.level, sentence: `${said}; ${trouble.sentence}.` };
  if (target.isChosen && answer.status >= 400)
    return { level: 'degraded', sentence: `${said}: ${target.path} was chosen for the probe, and is not served.` };
  const { certificate } = asked;
  const left = certificate ? `; the certificate holds for ${toDays(certificate.validTo - probe.at)}` : '';
  return { level: 'ok', sentence: `${said}${left}.` };
}

function findCertificateTrouble({ asked, at, localProblem, target }: OutsideProbe): Judgement | undefined {
  const { certificate } = asked;
  if (!certificate) return undefined;
  const { validFrom, validTo, chainProblem } = certificate;
  if (validTo <= at) return { level: 'down', sentence: `its certificate ran out ${toDays(at - validTo)} ago` };
  if (validFrom > at) return { level: 'down', sentence: 'its certificate is not valid yet' };
  if (fitsName(certificate, target.host) === false)
    return { level: 'degraded', sentence: `its certificate is not for ${target.host}` };
  if (chainProblem !== null && localProblem !== null)
    return { level: 'degraded', sentence: `no known authority vouches for its certificate (${chainProblem})` };
  if (validTo - at < soonMs && validTo - validFrom > shortLifeMs)
    return { level: 'degraded', sentence: `its certificate runs out in ${toDays(validTo - at)}` };
  return undefined;
}

/** The better of the last two: one probe alone raises no alarm, and ends one at once. */
export function toLevel(levels: readonly Level[]): Level {
  const [last, before] = [levels.at(-1), levels.at(-2)];
  if (last === undefined) return 'unknown';
  if (before === undefined) return last === 'ok' ? 'ok' : 'unknown';
  return severity[last] < severity[before] ? last : before;
}

export type ShownProbe = Omit<OutsideView, 'level' | 'course' | 'stepMs'>;

export function toShownProbe(probe: OutsideProbe): ShownProbe {
  const { at, target, asked, plain } = probe;
  const isSecure = target.https !== null;
  return {
    state: 'probed',
    at,
    sentence: judgeProbe(probe).sentence,
    service: target.service,
    standInFor: target.standInFor,
    target: `${isSecure ? 'https' : 'http'}://${toPlaceText(placeOf(target))}${target.path}`,
    status: asked.answer.state === 'answered' ? asked.answer.status : null,
    timing: asked.timing,
    protocol: asked.protocol,
    certificate: asked.certificate && toShownCertificate(asked.certificate, probe),
    redirect: isSecure && plain ? toRedirect(plain) : null,
  };
}

export function placeOf({ https, http }: FoundOutside) {
  const place = https ?? http;
  if (!place) throw new Error('a target has a place');
  return place;
}

function toShownCertificate(certificate: ShownCertificate, probe: OutsideProbe): EdgeCertificate {
  const { subject, issuer, names, validFrom, validTo, isSelfSigned, chainProblem } = certificate;
  const toTrust = (reason: string | null) => ({ holds: reason === null, reason });
  return {
    subject,
    issuer,
    names: [...names],
    validFrom,
    validTo,
    isSelfSigned,
    publicTrust: toTrust(chainProblem),
    localTrust: probe.localProblem === undefined ? null : toTrust(probe.localProblem),
    fitsName: fitsName(certificate, probe.target.host),
  };
}

function fitsName({ names }: Pick<ShownCertificate, 'names'>, host: string | null): boolean | null {
  if (host === null) return null;
  const subjectaltname = names
    .map((name) => (/^[\d.]+$|:/.test(name) ? `IP Address:${name}` : `DNS:${name}`))
    .join(', ');
  return checkServerIdentity(host, { subjectaltname, subject: {} } as PeerCertificate) === undefined;
}

function toRedirect({ answer }: Asked): NonNullable<OutsideView['redirect']> {
  if (answer.state === 'failed') return { status: null, isToHttps: false };
  const isRedirect = answer.status >= 300 && answer.status < 400;
  return { status: answer.status, isToHttps: isRedirect && /^https:/i.test(answer.headers.location ?? '') };
}

function toDays(ms: number): string {
  const days = Math.floor(ms / dayMs);
  if (days >= 2) return `${days} days`;
  const hours = Math.max(1, Math.round(ms / 3_600_000));
  return hours === 1 ? '1 hour' : `${hours} hours`;
}
