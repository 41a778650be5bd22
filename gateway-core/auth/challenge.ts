interface Challenge {
  readonly realm: string;
  /** Left out when the request had no token at all (RFC 6750, 3.1). */
  readonly error?: 'invalid_request' | 'invalid_token' | 'insufficient_scope';
  /** ASCII without quotes and backslashes (RFC 6750, 3). */
  readonly description?: string;
  readonly scopes?: readonly string[];
}

/** A WWW-Authenticate field (RFC 6750, 3) as a pair. Takes values that need no escape; scopes and realm are checked so. */
export function toChallenge({ realm, error, description, scopes = [] }: Challenge): [string, string] {
  let value = `Bearer realm="${realm}"`;
  if (error !== undefined) value += `, error="${error}"`;
  if (description !== undefined) value += `, error_description="${description}"`;
  if (scopes.length > 0) value += `, scope="${scopes.join(' ')}"`;
  return ['www-authenticate', value];
}
