// Everything of `auth` that a revision of the configuration works with. Built whole, from files that may be missing, before
// anything changes; keys and verified tokens of a provider that stays the same stay too.
import type { Log } from '../server/log.ts';
import type { MaybePromise } from '../stages/stage.ts';
import type { AuthConfig, AuthProvider } from './authSection.ts';
import { toShownUrl } from './describeAuth.ts';
import { readVariable } from './environment.ts';
import { fetchJwks } from './fetchJwks.ts';
import type { KeySource, KeySourceStatus } from './keySource.ts';
import { createFileKeys, createFixedKeys } from './localKeys.ts';
import { createRemoteKeys } from './remoteKeys.ts';
import { createIdentityWriter, type IdentityWriter } from './upstreamIdentity.ts';
import { type KeySet, parseJwks, parsePublicKeys, parseSecrets } from './verificationKey.ts';
import { createVerifier, type Verdict, type Verifier } from './verifier.ts';
import { watchFile } from './watchedFile.ts';

export interface AuthDependencies {
  readonly log: Log;
  /** The address to dial for `name:port`. */
  readonly resolve: (authority: string) => string;
  readonly env: NodeJS.ProcessEnv;
  /** Epoch ms. */
  readonly now: () => number;
  readonly monotonicNow: () => number;
}

export interface Authentication {
  /** What provider says of a token. Takes the name of a configured provider. */
  readonly verify: (provider: string, token: string) => MaybePromise<Verdict>;
  /** As verify, with the keys at hand: nothing is fetched, nothing is kept. */
  readonly peek: (provider: string, token: string) => Verdict;
  readonly identity: IdentityWriter;
  /** Fetches what is at URLs, so that the first requests do not wait for it. */
  warm(): void;
  close(): void;
  status(): ProviderStatus[];
  /** For the next revision, which takes over what is the same. */
  readonly verifiers: ReadonlyMap<string, Kept>;
}

export interface ProviderStatus extends KeySourceStatus {
  readonly provider: string;
  readonly issuer: string;
}

/** A verifier, and the source of its keys by what it was made from. */
interface Kept {
  readonly verifier: Verifier;
  readonly keysMadeFrom: string;
  readonly madeFrom: string;
}

/** Throws an Error that names provider and file when a key cannot be used. Opens no socket. */
export function createAuthentication(
  config: AuthConfig,
  dependencies: AuthDependencies,
  previous?: Authentication,
): Authentication {
  const verifiers = new Map<string, Kept>();
  for (const provider of config.providers)
    verifiers.set(provider.name, keepOrCreate(provider, dependencies, previous?.verifiers.get(provider.name)));
  const identity = createIdentityWriter(config, dependencies);
  const get = (name: string): Verifier => {
    const kept = verifiers.get(name);
    if (!kept) throw new Error(`there is no provider "${name}"`);
    return kept.verifier;
  };
  const all = () => [...verifiers.values()].map(({ verifier }) => verifier);
  return {
    verify: (provider, token) => get(provider).verify(token),
    peek: (provider, token) => get(provider).peek(token),
    identity,
    warm() {
      for (const { keys } of all()) keys.warm();
    },
    close() {
      for (const { keys } of all()) keys.close();
    },
    status: () =>
      all().map(({ provider, keys }) => ({
        provider: provider.name,
        issuer: provider.expected.issuer,
        ...keys.status(),
      })),
    verifiers,
  };
}

function keepOrCreate(provider: AuthProvider, dependencies: AuthDependencies, previous: Kept | undefined): Kept {
  const madeFrom = JSON.stringify(provider);
  if (previous?.madeFrom === madeFrom) return previous;
  const keysMadeFrom = JSON.stringify([provider.keys, provider.algorithms]);
  const keys =
    previous?.keysMadeFrom === keysMadeFrom ? previous.verifier.keys : createKeySource(provider, dependencies);
  return { verifier: createVerifier({ provider, keys, now: dependencies.now }), keysMadeFrom, madeFrom };
}

function createKeySource(provider: AuthProvider, { log, resolve, env, monotonicNow }: AuthDependencies): KeySource {
  const { name, keys, algorithms: allowed } = provider;
  const what = `auth.providers.${name}.keys.${keys.from}`;
  if (keys.from === 'jwksUrl') {
    const url = new URL(keys.url);
    const { refreshMs, staleMs, timeoutMs } = keys;
    return createRemoteKeys({
      provider: name,
      url: toShownUrl(keys.url),
      refreshMs,
      staleMs,
      fetch: (signal) => fetchJwks(url, { timeoutMs, resolve, signal }),
      parse: (text) => parseJwks(text, { allowed, secrets: false }),
      log,
      now: monotonicNow,
    });
  }
  if (keys.from === 'secretEnv')
    return createFixedKeys(
      keys.from,
      readVariable(what, keys.variable, { env, parse: (text) => parseSecrets(text, allowed) }),
    );
  const parse = {
    jwksFile: (text: string) => parseJwks(text, { allowed, secrets: true }),
    publicKeyFile: (text: string) => parsePublicKeys(text, allowed),
    secretFile: (text: string) => parseSecrets(text, allowed),
  }[keys.from] satisfies (text: string) => KeySet;
  return createFileKeys(keys.from, watchFile({ what, path: keys.file, parse, log, now: monotonicNow }));
}
