// The hashes that `docker compose` compares, asked of compose itself: they cannot be reproduced.

/**
 * By service, from `docker compose config --hash '*'`; undefined where compose is not installed or refuses the files. Then
 * `docker compose up` on our stack recreates its containers once, and nothing else is lost.
 */
export async function findConfigHashes(_files: {
  readonly folder: string;
  readonly paths: readonly string[];
  readonly projectName: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
}): Promise<Readonly<Record<string, string>> | undefined> {
  throw new Error('not yet');
}
