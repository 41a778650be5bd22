// The catalogue: everything a UI can ask of the host, described once. `domain.verb` names an operation.
import { z } from 'zod';
import { capacityOperations, edgeOperations } from './edgeOperations.ts';
import { environmentOperations } from './environmentOperations.ts';
import { gatewayOperations } from './gatewayOperations.ts';
import { logsOperations } from './logsOperations.ts';
import { metricsOperations } from './metricsOperations.ts';
import { type AllHandlersOf, mutation, query, subscription } from './operation.ts';
import { forwardOperations, terminalOperations } from './reachOperations.ts';
import { secretsOperations } from './secretsOperations.ts';
import { auditDetailSchema, auditPageSchema, cursorSchema } from './shapes/audit.ts';
import { environmentIdSchema } from './shapes/environment.ts';
import { exchangeDetailSchema } from './shapes/gateway.ts';
import { replayedSchema } from './shapes/gatewayControl.ts';
import { hostInfoSchema, hostStorageSchema, sandboxSchema } from './shapes/host.ts';
import { applyResultSchema } from './shapes/plan.ts';
import { limitProbeSchema, postureSchema, reachMapSchema } from './shapes/posture.ts';
import { bearerTokenSchema } from './shapes/secrets.ts';
import { stackConfigSchema } from './shapes/stackConfig.ts';
import { stackImagesSchema } from './shapes/stackImages.ts';
import { keptPlanSchema, planRequestSchema, stackFilesSchema, stackRunSchema } from './shapes/stackRun.ts';
import { driftSchema, stackStatusSchema } from './shapes/stackStatus.ts';
import { statsSchema } from './shapes/stats.ts';
import {
  bootSchema,
  keptLogSchema,
  timelineBatchSchema,
  timelineKindSchema,
  timelinePageSchema,
} from './shapes/timeline.ts';
import { containerDetailSchema, topologySchema } from './shapes/topology.ts';
import { demoSchema, trafficBatchSchema } from './shapes/traffic.ts';
import { tracesOperations } from './tracesOperations.ts';

const nothing = z.void();
const inEnvironment = z.object({ environment: environmentIdSchema });
/** For all that changes an environment: its project's name, where the guard asks for a confirmation. */
const changesEnvironment = inEnvironment.extend({ confirm: z.string().max(128).optional() });
/** A kept plan. */
const planToCarryOut = changesEnvironment.extend({ plan: z.string().min(1).max(64) });
const replayInput = inEnvironment.extend({
  id: z.string().min(1).max(128),
  /** Stands in for an Authorization that nobody kept; the audit log masks it by its name. */
  bearerToken: bearerTokenSchema.optional(),
  /** In its place the one that is kept for the environment. */
  usesKeptToken: z.boolean().default(false),
});
const entryId = z.string().min(1).max(128);
const ofTimeline = inEnvironment.extend({
  kinds: z.array(timelineKindSchema).default([...timelineKindSchema.options]),
  limit: z.number().int().min(1).max(500).default(100),
});

export const operations = {
  host: {
    info: query({
      class: 'observe',
      summary: 'Version, process and options of the host',
      input: nothing,
      output: hostInfoSchema,
    }),
    storage: query({
      class: 'sensitiveRead',
      summary: 'Where history and runtime files of the host lie, and how much they take',
      input: nothing,
      output: hostStorageSchema,
    }),
  },
  environment: environmentOperations,
  sandbox: {
    watch: subscription({
      class: 'observe',
      summary: 'The sandbox and the progress of its start',
      input: nothing,
      output: sandboxSchema,
    }),
    start: mutation({
      class: 'change',
      summary: 'Start the sandbox engine and the platform on it, as local processes',
      input: nothing,
      output: z.object({ environment: environmentIdSchema }),
    }),
    stop: mutation({
      class: 'destroy',
      summary: 'Stop the sandbox platform and its engine',
      input: nothing,
      output: nothing,
    }),
  },
  stack: {
    topology: subscription({
      class: 'observe',
      summary: 'Services, networks and their edges',
      input: inEnvironment,
      output: topologySchema,
    }),
    inspect: query({
      class: 'sensitiveRead',
      summary: 'One container in detail, secrets masked',
      input: inEnvironment.extend({ container: z.string().min(1).max(256) }),
      output: containerDetailSchema,
    }),
    plan: mutation({
      class: 'observe',
      summary: 'What would be done to the stack; changes nothing',
      input: planRequestSchema,
      output: keptPlanSchema,
    }),
    up: mutation({
      class: 'change',
      summary: 'Bring the stack up as its files say, by a plan',
      input: planToCarryOut,
      output: applyResultSchema,
    }),
    restart: mutation({
      class: 'change',
      summary: 'Restart services, by a plan',
      input: planToCarryOut,
      output: applyResultSchema,
    }),
    scale: mutation({
      class: 'change',
      summary: 'Change the number of replicas of services, by a plan',
      input: planToCarryOut,
      output: applyResultSchema,
    }),
    act: mutation({
      class: 'change',
      summary: 'Start, stop, pause, resume or kill containers of services, by a plan',
      input: planToCarryOut,
      output: applyResultSchema,
    }),
    down: mutation({
      class: 'destroy',
      summary: 'Take the stack down, by a plan',
      input: planToCarryOut,
      output: applyResultSchema,
    }),
    switch: mutation({
      class: 'destroy',
      summary: 'Go from one mode of the stack to the other, by a plan',
      input: planToCarryOut,
      output: applyResultSchema,
    }),
    run: subscription({
      class: 'observe',
      summary: 'The plan that is carried out now, or was last, with the progress of each step',
      input: inEnvironment,
      output: stackRunSchema.nullable(),
    }),
    cancel: mutation({
      class: 'observe',
      summary: 'Stop carrying out a plan: what has begun is brought to an end, nothing new begins',
      input: inEnvironment.extend({ run: z.string().min(1).max(64) }),
      output: nothing,
    }),
    status: query({
      class: 'sensitiveRead',
      summary: 'How each service is, and why; with the last log lines of what crashed',
      input: stackFilesSchema,
      output: stackStatusSchema,
    }),
    drift: query({
      class: 'sensitiveRead',
      summary: 'In which way what runs differs from the files, field by field and by content of mounted files',
      input: stackFilesSchema,
      output: driftSchema,
    }),
    config: query({
      class: 'sensitiveRead',
      summary: 'The compose files as one project, as docker compose reads them, secrets masked',
      input: stackFilesSchema,
      output: stackConfigSchema,
    }),
    images: query({
      class: 'observe',
      summary: 'Which images the services use, with their digests, and whether containers run older ones',
      input: stackFilesSchema,
      output: stackImagesSchema,
    }),
  },
  stats: {
    watch: subscription({
      class: 'observe',
      summary: 'CPU, memory and network of every running container',
      input: inEnvironment,
      output: statsSchema,
    }),
  },
  gateway: gatewayOperations,
  traffic: {
    watch: subscription({
      class: 'sensitiveRead',
      summary: 'Exchanges as they pass the gateway, after those it still keeps',
      input: inEnvironment.extend({ backfill: z.number().int().min(0).max(5000).default(500) }),
      output: trafficBatchSchema,
    }),
    detail: query({
      class: 'sensitiveRead',
      summary: 'One exchange: stages, headers, target',
      input: inEnvironment.extend({ id: z.string().min(1).max(128) }),
      output: exchangeDetailSchema,
    }),
    replay: mutation({
      class: 'sensitiveRead',
      summary: 'Send a request that asks for no change (GET, HEAD, OPTIONS) through the gateway once more, marked',
      input: replayInput,
      output: replayedSchema,
    }),
    replayUnsafe: mutation({
      class: 'change',
      summary: 'Send a request of any method through the gateway once more, marked',
      input: changesEnvironment.extend(replayInput.shape),
      output: replayedSchema,
    }),
  },
  secrets: secretsOperations,
  logs: logsOperations,
  metrics: metricsOperations,
  traces: tracesOperations,
  forwards: forwardOperations,
  terminal: terminalOperations,
  edge: edgeOperations,
  capacity: capacityOperations,
  posture: {
    watch: subscription({
      class: 'observe',
      summary:
        'Each rule of the security model on what runs, again after what the engine tells; probes the edge in production',
      input: inEnvironment.extend({
        /** As what it is judged; absent: as what it is, and as production where that is not known. */
        as: z.enum(['dev', 'prod']).optional(),
      }),
      output: postureSchema,
    }),
    reach: subscription({
      class: 'observe',
      summary: 'Who could call whom by the networks, who has a reason to, and who was seen doing it',
      input: inEnvironment,
      output: reachMapSchema,
    }),
    check: query({
      class: 'observe',
      summary: 'Each rule of the security model once: on what runs in that mode, else on the files of the mode alone',
      input: stackFilesSchema.extend({
        /** What runs is judged as this, whatever it is. */
        as: z.enum(['dev', 'prod']).optional(),
        filesAlone: z.boolean().default(false),
      }),
      output: postureSchema,
    }),
    probeLimits: mutation({
      class: 'change',
      summary: 'Send the edge a bounded burst of requests, to see whether its limits are enforced',
      input: changesEnvironment,
      output: limitProbeSchema,
    }),
  },
  timeline: {
    watch: subscription({
      class: 'observe',
      summary: 'What happened and who did what, newest first, then as it comes',
      input: ofTimeline,
      output: timelineBatchSchema,
    }),
    page: query({
      class: 'observe',
      summary: 'What happened before a moment, newest first',
      input: ofTimeline.extend({ before: cursorSchema.nullable().default(null) }),
      output: timelinePageSchema,
    }),
    boots: query({
      class: 'observe',
      summary: 'How long the stack took to come up, the last 20 times',
      input: inEnvironment,
      output: z.array(bootSchema),
    }),
    keptLogs: query({
      class: 'observe',
      summary: 'Which logs of removed containers are kept',
      input: inEnvironment.extend({ service: z.string().min(1).max(256).optional() }),
      output: z.array(keptLogSchema),
    }),
    keptLog: query({
      class: 'sensitiveRead',
      summary: 'The kept log of a removed container',
      input: inEnvironment.extend({ id: entryId }),
      output: z.object({ text: z.string() }),
    }),
  },
  audit: {
    list: query({
      class: 'sensitiveRead',
      summary: 'What was done, by whom and with which outcome, newest first',
      input: z.object({
        /** null: in every environment. */
        environment: environmentIdSchema.nullable().default(null),
        before: cursorSchema.nullable().default(null),
        limit: z.number().int().min(1).max(500).default(100),
      }),
      output: auditPageSchema,
    }),
    detail: query({
      class: 'sensitiveRead',
      summary: 'One entry of the audit log with its requests to engines',
      input: z.object({ id: entryId }),
      output: auditDetailSchema,
    }),
  },
  demo: {
    watch: subscription({
      class: 'observe',
      summary: 'Demo traffic: state, rate, what was sent',
      input: inEnvironment,
      output: demoSchema,
    }),
    start: mutation({
      class: 'change',
      summary: 'Send a realistic mix of requests through the gateway for a while',
      input: changesEnvironment.extend({
        requestsPerSecond: z.number().int().min(1).max(200).default(20),
        seconds: z.number().int().min(1).max(3600).default(600),
      }),
      output: demoSchema,
    }),
    stop: mutation({ class: 'change', summary: 'Stop demo traffic', input: changesEnvironment, output: demoSchema }),
  },
} as const;

export type Operations = typeof operations;
export type Handlers = AllHandlersOf<Operations>;
