import { z } from 'zod';
import { problemSchema } from '../problem.ts';
import { connectionSchema, levelSchema, sourceSchema } from './status.ts';

/** An environment is a place: one compose project on one engine, written `engine~project`. */
export const environmentIdSchema = z
  .string()
  .regex(
    /^[a-z0-9_-]+~[a-z0-9][a-z0-9_-]*$/,
    'an environment is written engine~project, for example sandbox~shop-platform',
  );

/**
 * What may be done in an environment. `confirm`: each change carries the project's name as its confirmation. `locked`
 * is lifted by an unlock, for a while; `readOnly` by none.
 */
export const guardSchema = z.enum(['open', 'confirm', 'locked', 'readOnly']);
export type Guard = z.infer<typeof guardSchema>;

/** Colours of places; none is a colour of a status. */
export const environmentColours = ['slate', 'blue', 'indigo', 'violet', 'fuchsia', 'teal'] as const;
export type EnvironmentColour = (typeof environmentColours)[number];

/** What the operator set; null: not set, the default holds. */
export const environmentSettingsSchema = z.object({
  name: z.string().trim().min(1).max(60).nullable(),
  colour: z.enum(environmentColours).nullable(),
  guard: guardSchema.nullable(),
});
export type EnvironmentSettings = z.infer<typeof environmentSettingsSchema>;

/** What is remembered of a place: what the operator set for it, and when. */
export const keptEnvironmentSchema = z.object({
  /** The engine's address and the project; two ids may mean the same place. */
  place: z.string().max(5000),
  project: z.string(),
  /** The engine's address. */
  engine: z.string(),
  /** Where an engine of this host has that address now. */
  environment: environmentIdSchema.nullable(),
  settings: environmentSettingsSchema,
  /** Epoch ms. */
  setAt: z.number(),
});
export type KeptEnvironment = z.infer<typeof keptEnvironmentSchema>;

export const engineKindSchema = z.enum(['docker', 'sandbox']);
export type EngineKind = z.infer<typeof engineKindSchema>;

/**
 * An engine that the host knows of. `notRunning` is only said of the sandbox: it can be started. `notAsked`: a docker
 * context that nobody chose yet; `connecting`: it was asked and has not answered.
 */
export const engineSchema = z.object({
  id: z.string(),
  kind: engineKindSchema,
  /** `this machine`, or the remote host. */
  place: z.string(),
  address: z.string(),
  /** What names it: `DOCKER_HOST`, a docker context, the default socket, or this host. */
  origin: z.string(),
  state: z.enum(['reachable', 'unreachable', 'notRunning', 'notAsked', 'connecting']),
  version: z.string().nullable(),
  problem: problemSchema.nullable(),
});
export type Engine = z.infer<typeof engineSchema>;

/** A compose project found running on an engine, or a folder that holds compose files. */
export const foundProjectSchema = z.object({
  environment: environmentIdSchema,
  engine: z.string(),
  engineKind: engineKindSchema,
  name: z.string(),
  /** Containers by state, as the engine says. All zero for a folder whose project does not run. */
  containers: z.object({ running: z.number(), stopped: z.number(), unhealthy: z.number() }),
  services: z.number(),
  /** The compose files, from the project's labels or the folder. */
  files: z.array(z.string()),
  folder: z.string().nullable(),
  origin: z.enum(['engine', 'folder']),
  /** Whether this looks like the platform's gateway stack: a service that is our gateway was found. */
  hasGateway: z.boolean(),
});
export type FoundProject = z.infer<typeof foundProjectSchema>;

export const startViewSchema = z.object({
  engines: z.array(engineSchema),
  projects: z.array(foundProjectSchema),
});
export type StartView = z.infer<typeof startViewSchema>;

/** A figure or a state that a verdict rests on. */
export const evidenceSchema = z.object({
  /** Its name, for example `Error share of callers`, or the service that is seen. */
  figure: z.string(),
  /** With its unit, for example `9.3 %` or `stopped, exit 137, for 41 s`. */
  value: z.string(),
  /** Over how much time it was counted; null: it is so at this moment. */
  windowMs: z.number().nullable(),
  source: sourceSchema,
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** How the platform is, why, and where to look next. Pure: see services/environment/verdict.ts. */
export const verdictSchema = z.object({
  level: levelSchema,
  /** What it means for callers, in one sentence that says the level first. */
  impact: z.string(),
  /** What explains it: a service, a route, a breaker. null: nothing is wrong, or nothing is known. */
  firstCause: z
    .object({
      kind: z.enum(['service', 'route', 'breaker', 'engine', 'gateway']),
      name: z.string(),
      /** A sentence that names it. */
      text: z.string(),
    })
    .nullable(),
  /** What it was judged by; each figure says its window. */
  evidence: z.array(evidenceSchema),
  next: z.array(
    z.object({
      label: z.string(),
      view: z.enum(['services', 'breakers', 'traffic', 'routes', 'start']),
      /** Search parameters of the view, for example {service: "search"} or {filter: "status:5xx"}. */
      search: z.record(z.string(), z.string()),
    }),
  ),
});
export type Verdict = z.infer<typeof verdictSchema>;

/** What the frame shows about the open environment; pushed whenever any of it changes. */
export const environmentSchema = z.object({
  id: environmentIdSchema,
  /** As the operator calls it, else the project's name. */
  name: z.string(),
  colour: z.enum(environmentColours),
  engineKind: engineKindSchema,
  place: z.string(),
  mode: z.enum(['dev', 'prod', 'unknown']),
  guard: guardSchema,
  /** What lifts the guard, or why nothing does. */
  guardReason: z.string(),
  /** Epoch ms until which the guard is lifted; null: nobody lifted it. */
  unlockedUntil: z.number().nullable(),
  engine: connectionSchema,
  gateway: connectionSchema,
  verdict: verdictSchema,
  counts: z.object({
    services: z.number(),
    servicesInTrouble: z.number(),
    routes: z.number(),
    breakersTripped: z.number(),
    requestsPerSecond: z.number().nullable(),
  }),
});
export type Environment = z.infer<typeof environmentSchema>;

export const changeSchema = z.object({
  id: z.string(),
  /** Epoch ms. */
  at: z.number(),
  level: levelSchema,
  kind: z.enum(['engine', 'breaker', 'gateway', 'configuration', 'operator']),
  /** What it is about, for example the service's name; shown bold. */
  subject: z.string(),
  /** The rest of the sentence, for example `stopped (exit 137, out of memory)`. */
  text: z.string(),
  link: z
    .object({ view: z.enum(['services', 'breakers', 'traffic', 'routes']), search: z.record(z.string(), z.string()) })
    .nullable(),
});
/** One entry of "What changed". */
export type Change = z.infer<typeof changeSchema>;
