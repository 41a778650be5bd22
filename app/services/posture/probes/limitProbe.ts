// A bounded burst of one client, sent only when somebody asks for it: whether limits are enforced cannot be seen otherwise.
import type { LimitProbe } from '../../../contract/index.ts';
import { type Place, toPlaceText } from './edgeTarget.ts';
import { probeHttp } from './httpProbe.ts';

/** Four times the burst of the platform's own edge (20 above 10/s); over in two seconds at worst. */
const REQUESTS = 80;
const AT_ONCE = 8;
const LONGEST_MS = 5000;
/** No resource of anybody: it costs the platform a 404 at most. */
const PATH = '/gatehouse-posture-probe';

export interface LimitQuestion {
  readonly place: Place;
  readonly isSecure: boolean;
  readonly now: () => number;
}

/** Ends at the first 429. Never rejects. */
export async function probeLimits({ place, isSecure, now }: LimitQuestion, signal: AbortSignal): Promise<LimitProbe> {
  const at = now();
  const startedAt = performance.now();
  const ending = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]);
  const seen = { sent: 0, answered: 0, limited: 0 };
  const send = async () => {
    while (seen.sent < REQUESTS && seen.limited === 0 && !ending.aborted) {
      seen.sent += 1;
      const answer = await probeHttp({ place, isSecure, path: PATH }, ending);
      if (answer.state === 'failed') continue;
      seen.answered += 1;
      if (answer.status === 429) seen.limited += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, send));
  return { at, target: toPlaceText(place), ...seen, tookMs: Math.round(performance.now() - startedAt) };
}
