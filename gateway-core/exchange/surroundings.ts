// What the place where a gateway runs says of it, where the configuration says nothing: one gateway.yaml then serves places
// that keep their keys in different files, and that count in a Redis with a password, without one, or in none.
import { type AuthConfig, LIFETIME_SECONDS } from '../auth/authSection.ts';
import { type LimitsConfig, resolveLimitRedis } from '../limits/limitsSection.ts';

export interface Surroundings {
  /** An Ed25519 private key in PEM: signs what upstreams are told of callers. */
  readonly identityKeyFile?: string | undefined;
  /** redis://name:port/database, where limits are counted. */
  readonly limitsRedisUrl?: string | undefined;
  readonly limitsRedisPasswordFile?: string | undefined;
}

/** With the key of the surroundings, where the configuration names none. */
export function completeAuth(auth: AuthConfig, { identityKeyFile }: Surroundings): AuthConfig {
  if (auth.signing !== null || identityKeyFile === undefined) return auth;
  return { ...auth, signing: { from: 'privateKeyFile', name: identityKeyFile, lifetimeSeconds: LIFETIME_SECONDS } };
}

/** With the Redis of the surroundings, where the configuration names none. Throws when its address is not one. */
export function completeLimits(
  limits: LimitsConfig,
  { limitsRedisUrl: url, limitsRedisPasswordFile: passwordFile }: Surroundings,
): LimitsConfig {
  if (limits.redis !== null || url === undefined) return limits;
  return { ...limits, redis: resolveLimitRedis({ url, ...(passwordFile === undefined ? {} : { passwordFile }) }) };
}
