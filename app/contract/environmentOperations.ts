// The part of the catalogue that is about environments: found, opened, guarded, remembered.
import { z } from 'zod';
import { mutation, query, subscription } from './operation.ts';
import {
  changeSchema,
  environmentIdSchema,
  environmentSchema,
  environmentSettingsSchema,
  foundProjectSchema,
  guardSchema,
  keptEnvironmentSchema,
  startViewSchema,
} from './shapes/environment.ts';
import { variablesSchema } from './shapes/stackRun.ts';

const nothing = z.void();
const inEnvironment = z.object({ environment: environmentIdSchema });

export const environmentOperations = {
  found: subscription({
    class: 'observe',
    summary: 'Engines, the compose projects on them and the opened folders; starts nothing',
    input: nothing,
    output: startViewSchema,
  }),
  connect: mutation({
    class: 'observe',
    summary: 'Look at the engine of a docker context, which is not done unasked',
    input: z.object({ engine: z.string().min(1).max(200) }),
    output: nothing,
  }),
  openFolder: mutation({
    class: 'observe',
    summary: 'Read the compose files of a folder and list its project',
    input: z.object({
      folder: z.string().min(1).max(4096),
      /** Where it would run; absent: the Docker engine of the machine's settings, else the sandbox. */
      engine: z.string().min(1).max(200).optional(),
      variables: variablesSchema.optional(),
    }),
    output: foundProjectSchema,
  }),
  watch: subscription({
    class: 'observe',
    summary: 'The frame of one environment: connections, guard, verdict, counts',
    input: inEnvironment,
    output: environmentSchema,
  }),
  changes: subscription({
    class: 'observe',
    summary: 'What changed, newest first, at most 200',
    input: inEnvironment,
    output: z.array(changeSchema),
  }),
  unlock: mutation({
    class: 'sensitiveRead',
    summary: 'Lift the guard of an environment for a while, with a reason',
    input: inEnvironment.extend({
      reason: z.string().trim().min(3).max(200),
      minutes: z.number().int().min(1).max(60).default(15),
    }),
    output: z.object({ guard: guardSchema, until: z.number() }),
  }),
  configure: mutation({
    class: 'sensitiveRead',
    summary: 'Set the name, the colour or the guard of an environment; a looser guard needs an unlock in force',
    input: inEnvironment.extend(environmentSettingsSchema.partial().shape),
    output: environmentSettingsSchema,
  }),
  lock: mutation({
    class: 'sensitiveRead',
    summary: 'End an unlock before its time',
    input: inEnvironment,
    output: z.object({ guard: guardSchema }),
  }),
  kept: query({
    class: 'observe',
    summary: 'Environments that something is remembered of: name, colour, guard',
    input: nothing,
    output: z.array(keptEnvironmentSchema),
  }),
  forget: mutation({
    class: 'sensitiveRead',
    summary: 'Forget what was set for a place, and its opened folder; the stack itself is not touched',
    input: z.object({
      /** As `kept` has it; null: nothing was set, only the folder is closed. */
      place: keptEnvironmentSchema.shape.place.nullable(),
      environment: environmentIdSchema.nullable(),
    }),
    output: nothing,
  }),
} as const;
