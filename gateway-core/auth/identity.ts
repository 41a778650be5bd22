// Who a caller proved to be. What later stages and the upstream may know of a token: never the token itself.

export interface Identity {
  /** The name of the provider, as configured, whose key signed the token. Subjects of two providers are two people. */
  readonly provider: string;
  /** 1 to 256 printable characters. */
  readonly subject: string;
  readonly scopes: readonly string[];
}
