// The parts of gateway.yaml that are about authentication: `auth`, and `auth` of a route. Their JSON Schema is in
// authSchema.ts, and what a schema cannot say of them in authFaults.ts.
import type { AlgorithmName } from './algorithms.ts';
import type { ClaimExpectations, ClaimPath } from './claims.ts';

export interface KeysDocument {
  jwksUrl?: string;
  jwksFile?: string;
  publicKeyFile?: string;
  secretFile?: string;
  secretEnv?: string;
  refreshSeconds?: number;
  staleSeconds?: number;
  timeoutMs?: number;
}

interface TokenDocument {
  bearer?: boolean;
  header?: string;
  cookie?: { name: string; origins: string[] };
}

export interface ProviderDocument {
  issuer: string;
  audiences?: string[];
  algorithms: AlgorithmName[];
  keys: KeysDocument;
  clockSkewSeconds?: number;
  requiredClaims?: string[];
  types?: string[];
  subjectClaim?: string | string[];
  scopesClaim?: string | string[];
  token?: TokenDocument;
}

interface SignedDocument {
  secretFile?: string;
  secretEnv?: string;
  privateKeyFile?: string;
  lifetimeSeconds?: number;
}

export interface AuthDocument {
  realm?: string;
  providers?: Record<string, ProviderDocument>;
  identity?: { headers?: Record<string, string | string[]>; signed?: SignedDocument };
  recordSubject?: RecordSubject;
}

type ClaimValue = string | number | boolean;

export interface ClaimRuleDocument {
  claim: string | string[];
  equals?: ClaimValue;
  in?: ClaimValue[];
  contains?: ClaimValue;
}

export interface RouteAuthDocument {
  provider: string;
  required?: boolean;
  scopes?: { all?: string[]; any?: string[] };
  claims?: ClaimRuleDocument[];
  anonymous?: { paths?: string[]; methods?: string[] };
  forwardToken?: boolean;
}

export const recordSubjectChoices = ['no', 'digest', 'plain'] as const;
export type RecordSubject = (typeof recordSubjectChoices)[number];

/** Where keys come from; `from` is the document's key. */
export type KeysConfig =
  | {
      readonly from: 'jwksUrl';
      readonly url: string;
      readonly refreshMs: number;
      readonly staleMs: number;
      readonly timeoutMs: number;
    }
  | { readonly from: 'jwksFile' | 'publicKeyFile' | 'secretFile'; readonly file: string }
  | { readonly from: 'secretEnv'; readonly variable: string };

/** Where a token may stand in a request. */
export interface TokenPlaces {
  /** `Authorization: Bearer …` */
  readonly bearer: boolean;
  /** Lower case; its whole value is the token. */
  readonly header: string | null;
  readonly cookie: { readonly name: string; readonly origins: readonly string[] } | null;
}

export interface AuthProvider {
  readonly name: string;
  readonly algorithms: readonly AlgorithmName[];
  readonly keys: KeysConfig;
  readonly expected: ClaimExpectations;
  readonly token: TokenPlaces;
}

export type SigningConfig = {
  readonly from: 'secretFile' | 'secretEnv' | 'privateKeyFile';
  /** The path, or the variable's name. */
  readonly name: string;
  readonly lifetimeSeconds: number;
};

export interface AuthConfig {
  /** As it stands in WWW-Authenticate. */
  readonly realm: string;
  readonly providers: readonly AuthProvider[];
  /** Lower-case field → the claim that it carries; `$subject`, `$scopes` and `$provider` are what was made of claims. */
  readonly identityHeaders: readonly (readonly [header: string, claim: ClaimPath])[];
  /** null: upstreams get no signed identity. */
  readonly signing: SigningConfig | null;
  readonly recordSubject: RecordSubject;
}

export interface ClaimRule {
  readonly claim: ClaimPath;
  readonly test: 'equals' | 'in' | 'contains';
  readonly values: readonly ClaimValue[];
}

export interface RouteAuth {
  readonly provider: AuthProvider;
  readonly required: boolean;
  readonly allScopes: readonly string[];
  /** One of them suffices; empty: none is asked for. */
  readonly anyScopes: readonly string[];
  readonly claims: readonly ClaimRule[];
  /** Paths as the upstream gets them, without a trailing slash. */
  readonly anonymousPaths: readonly string[];
  readonly anonymousMethods: readonly string[];
  /** Whether the upstream gets the token too. */
  readonly forwardToken: boolean;
}

/** How long a signature counts unless the configuration says otherwise. */
export const LIFETIME_SECONDS = 15;
export const SUBJECT = '$subject';
export const SCOPES = '$scopes';
export const PROVIDER = '$provider';

/** Fills in defaults; takes a document that has passed every check. */
export function resolveAuth(document: AuthDocument = {}): AuthConfig {
  const providers = Object.entries(document.providers ?? {}).map(([name, provider]) => resolveProvider(name, provider));
  return {
    realm: document.realm ?? 'gatehouse',
    providers,
    identityHeaders: findIdentityHeaders(document),
    signing: resolveSigning(document.identity?.signed),
    recordSubject: document.recordSubject ?? 'no',
  };
}

/** Without providers nobody can be known, and a field of that name is the client's own. */
export function findIdentityHeaders({ identity, providers = {} }: AuthDocument): AuthConfig['identityHeaders'] {
  const headers = identity?.headers ?? (Object.keys(providers).length > 0 ? { 'x-user-id': SUBJECT } : {});
  return Object.entries(headers).map(([name, claim]) => [name.toLowerCase(), claim]);
}

function resolveProvider(name: string, document: ProviderDocument): AuthProvider {
  const { token } = document;
  return {
    name,
    algorithms: document.algorithms,
    keys: resolveKeys(document.keys),
    expected: {
      provider: name,
      issuer: document.issuer,
      audiences: document.audiences ?? null,
      types: document.types?.map((type) => type.toLowerCase().replace(/^application\//, '')) ?? null,
      clockSkewSeconds: document.clockSkewSeconds ?? 30,
      requiredClaims: document.requiredClaims ?? [],
      subjectClaim: document.subjectClaim ?? 'sub',
      scopesClaim: document.scopesClaim ?? null,
    },
    token: {
      bearer: token?.bearer ?? true,
      header: token?.header?.toLowerCase() ?? null,
      cookie: token?.cookie ?? null,
    },
  };
}

function resolveKeys(keys: KeysDocument): KeysConfig {
  if (keys.jwksUrl !== undefined)
    return {
      from: 'jwksUrl',
      url: keys.jwksUrl,
      refreshMs: (keys.refreshSeconds ?? 300) * 1_000,
      staleMs: (keys.staleSeconds ?? 86_400) * 1_000,
      timeoutMs: keys.timeoutMs ?? 3_000,
    };
  if (keys.secretEnv !== undefined) return { from: 'secretEnv', variable: keys.secretEnv };
  for (const from of ['jwksFile', 'publicKeyFile', 'secretFile'] as const) {
    const file = keys[from];
    if (file !== undefined) return { from, file };
  }
  throw new Error('a provider has no keys');
}

function resolveSigning(signed: SignedDocument | undefined): SigningConfig | null {
  if (!signed) return null;
  const lifetimeSeconds = signed.lifetimeSeconds ?? LIFETIME_SECONDS;
  for (const from of ['secretFile', 'secretEnv', 'privateKeyFile'] as const) {
    const name = signed[from];
    if (name !== undefined) return { from, name, lifetimeSeconds };
  }
  throw new Error('auth.identity.signed has no key');
}

/** Throws when there is no such provider: a route that lost its guard must not be built. */
export function resolveRouteAuth(document: RouteAuthDocument | undefined, { providers }: AuthConfig): RouteAuth | null {
  if (!document) return null;
  const provider = providers.find(({ name }) => name === document.provider);
  if (!provider) throw new Error(`a route names the unknown provider "${document.provider}"`);
  return {
    provider,
    required: document.required ?? true,
    allScopes: document.scopes?.all ?? [],
    anyScopes: document.scopes?.any ?? [],
    claims: (document.claims ?? []).map(({ claim, equals, in: values, contains }): ClaimRule => {
      if (values !== undefined) return { claim, test: 'in', values };
      if (contains !== undefined) return { claim, test: 'contains', values: [contains] };
      return { claim, test: 'equals', values: equals === undefined ? [] : [equals] };
    }),
    anonymousPaths: (document.anonymous?.paths ?? []).map((path) => (path.length > 1 ? path.replace(/\/$/, '') : path)),
    anonymousMethods: document.anonymous?.methods ?? [],
    forwardToken: document.forwardToken ?? false,
  };
}
