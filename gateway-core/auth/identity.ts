// Who a caller proved to be. What later stages, the upstream and the tap may know of a token: never the token itself.

export interface Identity {
  /** The name of the provider, as configured, whose key signed the token. Subjects of two providers are two people. */
  readonly provider: string;
  /** The claim `sub`: printable, at most 256 characters. */
  readonly subject: string;
  readonly scopes: readonly string[];
}
