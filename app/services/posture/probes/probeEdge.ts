// All that is asked of an edge without being told to: handshakes, the redirect, and one answer for its header fields.
import type { EngineAddress } from '../../docker/address.ts';
import type { EdgeFact, PostureFacts } from '../facts/facts.ts';
import { findEdgeTarget, toPlaceText } from './edgeTarget.ts';
import { probeHttp } from './httpProbe.ts';
import { probeTls } from './tlsProbe.ts';

export interface ProbeOptions {
  readonly address: EngineAddress;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Never rejects. */
export async function probeEdge(
  facts: Pick<PostureFacts, 'parts'>,
  { address, now, signal }: ProbeOptions,
): Promise<EdgeFact> {
  const target = findEdgeTarget(facts, address);
  if (target.kind === 'absent') return { state: 'absent' };
  if (target.kind === 'unreachable') return { state: 'unknown', why: target.why };
  const { https, http } = target;
  const main = https ?? http;
  const [tls, redirect, answer] = await Promise.all([
    https ? probeTls(https, signal) : null,
    http ? probeHttp({ place: http, isSecure: false, path: '/' }, signal) : null,
    main ? probeHttp({ place: main, isSecure: https !== null, path: '/' }, signal) : null,
  ]);
  const probe = {
    at: now(),
    https: https && toPlaceText(https),
    http: http && toPlaceText(http),
    tls,
    redirect,
    answer,
    limits: null,
  };
  return { state: 'probed', probe };
}
