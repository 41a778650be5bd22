// What the rules know, as plain data: the parts of a stack, its networks, its gateway, and what probes of the edge saw.
import type { LimitProbe, ServiceKind } from '../../../contract/index.ts';

export type Mode = 'dev' | 'prod';

export interface PostureFacts {
  readonly project: string;
  /** As what it is judged. */
  readonly mode: Mode;
  readonly basis: 'engine' | 'files';
  readonly from: string;
  /** null: no engine was looked at. */
  readonly engine: { readonly isSandbox: boolean } | null;
  readonly parts: readonly Part[];
  readonly networks: readonly NetworkFact[];
  readonly gateway: GatewayFact;
  readonly edge: EdgeFact;
  readonly edgeFile: EdgeFileFact;
  /** Pairs of services on which requests were seen; null when nobody looked. */
  readonly observed: readonly Pair[] | null;
  /** Epoch ms. */
  readonly now: number;
}

export interface Pair {
  readonly from: string;
  readonly to: string;
  readonly by: 'gateway' | 'traces';
}

/** One container, or the service of a file where there is none. */
export interface Part {
  readonly service: string;
  readonly kind: ServiceKind;
  /** Its program is the stack's own: built here, or an application. Others bring a program that expects a common container. */
  readonly isOwn: boolean;
  /** It is meant to end: somebody waits for its completion. */
  readonly isJob: boolean;
  /** For evidence: where it was seen. */
  readonly where: string;
  readonly image: string;
  /** null: the engine was not asked, or does not have it. */
  readonly imageFact: ImageFact | null;
  /** Names as the engine has them. */
  readonly networks: readonly string[];
  readonly networkMode: string | null;
  readonly ports: readonly PublishedPortFact[];
  /** Those that the image brings are left out. */
  readonly environment: readonly Variable[];
  /** Program and arguments, where they are said. */
  readonly command: readonly string[];
  /** As said; null: the image decides. */
  readonly user: string | null;
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly securityOptions: readonly string[];
  readonly isPrivileged: boolean;
  readonly isReadOnly: boolean;
  readonly sharedNamespaces: readonly string[];
  readonly devices: readonly string[];
  readonly mounts: readonly MountFact[];
  /** Names of secrets that it is given. */
  readonly secrets: readonly string[];
  readonly restart: string;
  readonly cpus: number | null;
  readonly memoryBytes: number | null;
  readonly health: 'present' | 'absent' | 'disabled';
  readonly logDriver: string | null;
  readonly logOptions: Readonly<Record<string, string>>;
  /** Services that its file says it needs. */
  readonly dependsOn: readonly string[];
}

export interface Variable {
  readonly name: string;
  readonly value: string;
}

export interface PublishedPortFact {
  /** Empty: every interface. */
  readonly hostIp: string;
  /** First and last of a range; null: the engine chooses. */
  readonly hostPorts: readonly [first: number, last: number] | null;
  readonly containerPort: number;
  readonly protocol: string;
}

export interface MountFact {
  readonly type: string;
  readonly source: string;
  readonly target: string;
  readonly isReadOnly: boolean;
}

export interface ImageFact {
  /** Empty: it starts as root. */
  readonly user: string;
  readonly hasHealthCheck: boolean;
  /** Epoch ms; null: not said. */
  readonly createdAt: number | null;
}

export interface NetworkFact {
  /** As the engine has it. */
  readonly name: string;
  /** As the file has it. */
  readonly label: string;
  /** null: declared elsewhere, and not looked at. */
  readonly isInternal: boolean | null;
  /** Containers on it that are not of this project. */
  readonly strangers: readonly string[];
  readonly where: string;
}

export type GatewayFact =
  | { readonly state: 'known'; readonly where: string; readonly config: GatewayView }
  | { readonly state: 'absent' }
  | { readonly state: 'unknown'; readonly why: string };

/** What the rules ask of a gateway's configuration. */
export interface GatewayView {
  readonly revision: string;
  readonly routes: readonly RouteView[];
  readonly providers: readonly ProviderView[];
  /** By the configuration alone: the gateway's environment may name a key as well. */
  readonly isSigning: boolean;
  readonly trustedProxies: readonly string[];
  readonly policies: readonly PolicyView[];
}

export interface RouteView {
  readonly id: string;
  readonly paths: readonly string[];
  readonly methods: readonly string[] | null;
  /** Host of each replica. */
  readonly upstreamHosts: readonly string[];
  readonly auth: RouteAuthView | null;
  readonly limits: readonly string[];
  readonly bodyLimitBytes: number;
  readonly totalMs: number;
  readonly isValidated: boolean;
  readonly hasBreaker: boolean;
}

export interface RouteAuthView {
  readonly isRequired: boolean;
  /** Paths and methods for which no token is asked. */
  readonly anonymous: readonly string[];
  /** A scope or a claim is asked for, which not every token has. */
  readonly isNarrowed: boolean;
}

export interface ProviderView {
  readonly name: string;
  readonly algorithms: readonly string[];
  readonly issuer: string;
  readonly audiences: readonly string[] | null;
  readonly clockSkewSeconds: number;
  readonly keysFrom: string;
}

export interface PolicyView {
  readonly name: string;
  readonly by: readonly string[];
  readonly perSecond: number;
}

export type EdgeFact =
  | { readonly state: 'probed'; readonly probe: EdgeProbe }
  | { readonly state: 'absent' }
  | { readonly state: 'unknown'; readonly why: string };

/** What the configuration of the edge says, for what no probe could try without harm. */
export type EdgeFileFact =
  | { readonly state: 'known'; readonly where: string; readonly limits: EdgeLimits }
  | { readonly state: 'absent' }
  | { readonly state: 'unknown'; readonly why: string };

/** Names of the zones by which requests and connections of one client are limited, where they are in use. */
export interface EdgeLimits {
  readonly requests: readonly string[];
  readonly connections: readonly string[];
}

export const tlsVersions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
export type TlsVersion = (typeof tlsVersions)[number];

export interface EdgeProbe {
  /** Epoch ms. */
  readonly at: number;
  /** `127.0.0.1:443`; null: nothing is published there. */
  readonly https: string | null;
  readonly http: string | null;
  readonly tls: TlsProbe | null;
  readonly redirect: HttpProbe | null;
  readonly answer: HttpProbe | null;
  /** null: nobody asked for it. */
  readonly limits: LimitProbe | null;
}

export type Offer = 'offered' | 'refused' | 'unknown';

export interface TlsProbe {
  readonly versions: Readonly<Record<TlsVersion, Offer>>;
  /** Suites that the edge took although it should not; null: could not be asked. */
  readonly weakCiphers: readonly string[] | null;
  /** What was agreed on when everything current was offered. */
  readonly cipher: string | null;
  /** Whose order of suites counts, up to TLS 1.2; null: the edge takes too few to tell. */
  readonly order: 'edge' | 'client' | null;
  readonly certificate: CertificateFact | null;
  /** Why nothing was agreed on. */
  readonly failure: string | null;
}

export interface CertificateFact {
  readonly names: readonly string[];
  readonly issuer: string;
  /** Epoch ms. */
  readonly validFrom: number;
  readonly validTo: number;
  readonly isSelfSigned: boolean;
  readonly keyBits: number | null;
}

export type HttpProbe =
  | { readonly state: 'answered'; readonly status: number; readonly headers: Readonly<Record<string, string>> }
  | { readonly state: 'failed'; readonly why: string };
