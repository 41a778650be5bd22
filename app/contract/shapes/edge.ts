// What clients get at the edge: by a probe through its published port, and by its own access log.
import { z } from 'zod';
import { levelSchema } from './status.ts';
import { figuresSchema } from './traffic.ts';

/** Against one set of authorities: `reason` says why not, and is null when it holds. */
const trustSchema = z.object({ holds: z.boolean(), reason: z.string().nullable() });

export const edgeCertificateSchema = z.object({
  /** Untrusted text, like all that the certificate says of itself. */
  subject: z.string(),
  issuer: z.string(),
  names: z.array(z.string()),
  /** Epoch ms. */
  validFrom: z.number(),
  validTo: z.number(),
  isSelfSigned: z.boolean(),
  /** By the authorities that this machine and browsers know. */
  publicTrust: trustSchema,
  /** By the authority of the stack itself; null where none was found. */
  localTrust: trustSchema.nullable(),
  /** Whether it is for the name that was asked for; null where none is configured, so that nobody can say. */
  fitsName: z.boolean().nullable(),
});
export type EdgeCertificate = z.infer<typeof edgeCertificateSchema>;

/** How long each part of one request took, ms; null: there was none of it. */
export const probeTimingSchema = z.object({
  dnsMs: z.number().nullable(),
  connectMs: z.number().nullable(),
  tlsMs: z.number().nullable(),
  firstByteMs: z.number().nullable(),
  totalMs: z.number(),
});
export type ProbeTiming = z.infer<typeof probeTimingSchema>;

/** The stack as a client sees it. `level` holds after two probes in a row; one that fails alone is a hiccup. */
export const outsideViewSchema = z.object({
  /** `none`: there is nothing that could be asked from here; `sentence` says why. */
  state: z.enum(['waiting', 'probed', 'none']),
  /** Epoch ms of the last probe; null before the first one. */
  at: z.number().nullable(),
  level: levelSchema,
  /** The last probe in one sentence, or why there is none. */
  sentence: z.string(),
  /** The service that clients reach; null where nothing is published. */
  service: z.string().nullable(),
  standInFor: z.string().nullable(),
  /** For example `https://127.0.0.1:443/health`. */
  target: z.string().nullable(),
  status: z.number().nullable(),
  timing: probeTimingSchema.nullable(),
  protocol: z.string().nullable(),
  certificate: edgeCertificateSchema.nullable(),
  /** What plain HTTP answers beside TLS; null where it is not published, or there is no TLS. */
  redirect: z.object({ status: z.number().nullable(), isToHttps: z.boolean() }).nullable(),
  /** The last quarter of an hour, oldest first. `ms` is null where the probe failed. */
  course: z.array(z.object({ at: z.number(), ms: z.number().nullable() })),
  stepMs: z.number(),
});
export type OutsideView = z.infer<typeof outsideViewSchema>;

export const comparisonVerdicts = [
  'same',
  'edge-refuses',
  'gateway-unreachable',
  'tls-fails',
  'clients-leave',
  'answers-differ',
  'gateway-not-seen',
  'nothing-to-compare',
] as const;

/** What clients got beside what the gateway answered, request by request, over the same time. */
export const comparisonSchema = z.object({
  verdict: z.enum(comparisonVerdicts),
  sentence: z.string(),
  /** Requests in the edge's log. */
  edge: z.number(),
  /** Of these, found at the gateway by their id. */
  matched: z.number(),
  /** Found, and the client got another status than the gateway answered. */
  differ: z.number(),
  /** Never at the gateway, by the reason that the edge's line gives. */
  refusedByLimits: z.number(),
  gatewayUnreachable: z.number(),
  tlsFailures: z.number(),
  /** The client closed before an answer (499). */
  clientsLeft: z.number(),
  /** Files, redirects and fixed answers of the edge itself. */
  answeredByEdge: z.number(),
  /** The edge says that it was forwarded, and the gateway's tap does not have it. */
  notSeen: z.number(),
});
export type Comparison = z.infer<typeof comparisonSchema>;

const counted = z.object({ name: z.string(), requestsPerSecond: z.number(), errorShare: z.number().nullable() });

/** Over the last `windowMs` of the edge's access log. Names of locations and hosts are untrusted text. */
export const edgeTrafficSchema = z.object({
  at: z.number(),
  windowMs: z.number(),
  /** null: no edge whose log can be read. */
  service: z.string().nullable(),
  standInFor: z.string().nullable(),
  /** `none`: no line was understood yet. */
  format: z.enum(['json', 'combined', 'none']),
  /** What the format does not say, and what is therefore not known; one sentence each. */
  missing: z.array(z.string()),
  total: figuresSchema,
  /** Shares of all requests of the window, 0 to 1; null without requests. */
  clientsLeftShare: z.number().nullable(),
  tlsShare: z.number().nullable(),
  classes: z.object({ '1xx': z.number(), '2xx': z.number(), '3xx': z.number(), '4xx': z.number(), '5xx': z.number() }),
  /** By the first segments of the path, the busiest first, at most 30. */
  locations: z.array(figuresSchema.extend({ name: z.string() })),
  hosts: z.array(counted),
  protocols: z.array(counted),
  /** Lines since the log is read that were no access line. */
  unreadLines: z.number(),
  comparison: comparisonSchema.nullable(),
});
export type EdgeTraffic = z.infer<typeof edgeTrafficSchema>;

export const gatewayCapabilities = ['routes', 'explain', 'tap', 'breakers', 'limits', 'config'] as const;
const capability = z.object({
  isThere: z.boolean(),
  /** Why not, and what would give it; null when it is there. */
  why: z.string().nullable(),
});

/** What can be known and asked of the entry of a stack, whichever program it is. */
export const gatewayAbilitiesSchema = z.object({
  kind: z.enum(['gatehouse', 'edge', 'none']),
  /** The service; null where there is none. */
  service: z.string().nullable(),
  capabilities: z.record(z.enum(gatewayCapabilities), capability),
  /** Whether rates, errors and latency are known, and from where. */
  traffic: capability,
});
export type GatewayAbilities = z.infer<typeof gatewayAbilitiesSchema>;
