// The part of the catalogue that is about the gateway: what it does, and what an operator does to it.
import { z } from 'zod';
import { mutation, query, subscription } from './operation.ts';
import { gatewayAbilitiesSchema } from './shapes/edge.ts';
import { environmentIdSchema } from './shapes/environment.ts';
import {
  breakerSchema,
  explainInputSchema,
  explanationSchema,
  gatewayAboutSchema,
  routeTableSchema,
} from './shapes/gateway.ts';
import {
  configDiffSchema,
  configHistorySchema,
  configVerdictSchema,
  gatewayChangeSchema,
  gatewayConfigSchema,
  keptConfigSchema,
} from './shapes/gatewayConfig.ts';
import { gatewayLimitsSchema, upstreamSchema } from './shapes/gatewayControl.ts';

const inEnvironment = z.object({ environment: environmentIdSchema });
/** With the project's name, where the guard asks for a confirmation. */
const changesEnvironment = inEnvironment.extend({ confirm: z.string().max(128).optional() });
/** As much as the admin API takes. The audit log keeps the digest of a field of this name, and nothing of its text. */
const configDocument = z.string().max(1024 * 1024);
const etag = z.string().min(1).max(64);
const changesConfig = changesEnvironment.extend({
  /** ETags of what the change was made from: each replica has to have one of them in force. */
  basedOn: z.array(etag).min(1).max(32),
  reason: z.string().trim().max(120).default(''),
});
const longestMs = 86_400_000;
const breaker = {
  upstream: z.string().min(1).max(63),
  /** `host:port` of one replica of the upstream; absent: the upstream's own breaker. */
  replica: z.string().min(1).max(300).optional(),
  reason: z.string().trim().max(120).default(''),
};

export const gatewayOperations = {
  about: subscription({
    class: 'observe',
    summary: 'Replicas of the gateway, how each is reached, and what can be asked of them',
    input: inEnvironment,
    output: gatewayAboutSchema,
  }),
  abilities: subscription({
    class: 'observe',
    summary: 'What can be known and asked of the entry of the stack, and why the rest cannot',
    input: inEnvironment,
    output: gatewayAbilitiesSchema,
  }),
  routes: subscription({
    class: 'observe',
    summary: 'The route table in force',
    input: inEnvironment,
    output: routeTableSchema,
  }),
  breakers: subscription({
    class: 'observe',
    summary: 'Breakers with their window, thresholds and story',
    input: inEnvironment,
    output: z.array(breakerSchema),
  }),
  explain: query({
    class: 'observe',
    summary: 'Where a request would go, stage by stage, without sending it',
    input: inEnvironment.extend({ request: explainInputSchema }),
    output: explanationSchema,
  }),
  upstreams: query({
    class: 'observe',
    summary: 'Upstreams with their replicas: health, breaker, what is drained until when',
    input: inEnvironment,
    output: z.array(upstreamSchema),
  }),
  config: query({
    class: 'sensitiveRead',
    summary: 'The configuration in force on every replica, secrets masked',
    input: inEnvironment,
    output: gatewayConfigSchema,
  }),
  configSchema: query({
    class: 'observe',
    summary: 'The JSON Schema of the configuration, as this gateway reads it',
    input: inEnvironment,
    output: z.record(z.string(), z.unknown()),
  }),
  validateConfig: query({
    class: 'sensitiveRead',
    summary: 'Whether every replica would take a configuration, with each problem and its place',
    input: inEnvironment.extend({ document: configDocument }),
    output: configVerdictSchema,
  }),
  diffConfig: query({
    class: 'sensitiveRead',
    summary: 'What a configuration would change, by route, upstream and setting',
    input: inEnvironment.extend({ document: configDocument }),
    output: configDiffSchema,
  }),
  applyConfig: mutation({
    class: 'change',
    summary: 'Put a configuration in force on every replica or on none; the file is not written',
    input: changesConfig.extend({ document: configDocument }),
    output: gatewayChangeSchema,
  }),
  history: query({
    class: 'sensitiveRead',
    summary: 'The last 20 configurations, newest first',
    input: inEnvironment,
    output: configHistorySchema,
  }),
  keptConfig: query({
    class: 'sensitiveRead',
    summary: 'One configuration of the history, secrets masked, with what going back to it would change',
    input: inEnvironment.extend({ etag }),
    output: keptConfigSchema,
  }),
  rollback: mutation({
    class: 'change',
    summary: 'Put a configuration of the history in force again, on every replica or on none',
    input: changesConfig.extend({ etag }),
    output: gatewayChangeSchema,
  }),
  forceBreaker: mutation({
    class: 'change',
    summary: 'Hold a breaker open or closed for a while, on every replica of the gateway or on none',
    input: changesEnvironment.extend({
      ...breaker,
      state: z.enum(['open', 'closed']),
      forMs: z.number().int().min(1000).max(longestMs),
    }),
    output: gatewayChangeSchema,
  }),
  resetBreaker: mutation({
    class: 'change',
    summary: 'End a hold or an opening of a breaker and forget what was seen',
    input: changesEnvironment.extend(breaker),
    output: gatewayChangeSchema,
  }),
  drain: mutation({
    class: 'change',
    summary: 'Send nothing new to a replica of an upstream for a while, or take it back',
    input: changesEnvironment.extend({
      upstream: breaker.upstream,
      replica: z.string().min(1).max(300),
      reason: breaker.reason,
      /** null: take it back. */
      forMs: z.number().int().min(1000).max(longestMs).nullable(),
    }),
    output: gatewayChangeSchema,
  }),
  limits: query({
    class: 'sensitiveRead',
    summary: 'Limit policies, what they refused, and the keys that have used most',
    input: inEnvironment,
    output: gatewayLimitsSchema,
  }),
  resetLimit: mutation({
    class: 'change',
    summary: 'Give a key of a limit policy a whole burst anew',
    input: changesEnvironment.extend({ policy: z.string().min(1).max(63), key: z.string().min(1).max(1024) }),
    output: gatewayChangeSchema,
  }),
} as const;
