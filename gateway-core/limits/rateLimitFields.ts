// What a caller is told of its limits: draft-ietf-httpapi-ratelimit-headers-10, structured fields (RFC 9651).
import type { PolicyVerdict } from './limits.ts';

/** The time is until there is a unit more, so Retry-After, for a whole request, is never earlier (section 6). */
export function toRateLimitFields(verdicts: readonly PolicyVerdict[]): [string, string][] {
  let policies = '';
  let states = '';
  for (const { policy, verdict } of verdicts) {
    const comma = policies === '' ? '' : ', ';
    policies += comma + policy.field;
    states += `${comma}"${policy.name}";r=${verdict.remaining};t=${toSeconds(verdict.nextUs)}`;
  }
  return [
    ['ratelimit-policy', policies],
    ['ratelimit', states],
  ];
}

/** When all policies would admit the request; at least 1, since 0 would ask for it again at once. */
export function toRetryAfterSeconds(verdicts: readonly PolicyVerdict[]): number {
  return Math.max(1, ...verdicts.map(({ verdict }) => toSeconds(verdict.waitUs)));
}

function toSeconds(us: number): number {
  return Math.ceil(us / 1_000_000);
}
