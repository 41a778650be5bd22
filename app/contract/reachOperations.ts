// The part of the catalogue that reaches into a stack: ports that are forwarded, and terminals.
import { z } from 'zod';
import { mutation, query, subscription } from './operation.ts';
import { environmentIdSchema } from './shapes/environment.ts';
import { forwardSchema, forwardWaySchema, helperConsentSchema, portNumberSchema } from './shapes/forward.ts';
import { terminalEventSchema, terminalSizeSchema } from './shapes/terminal.ts';

const nothing = z.void();
const inEnvironment = z.object({ environment: environmentIdSchema });
const serviceName = z.string().min(1).max(256);
const portOfService = inEnvironment.extend({ service: serviceName, port: portNumberSchema });

const portToOpen = portOfService.extend({
  /** On this machine. Absent: the same number where it is free and not below 1024, else any. */
  localPort: portNumberSchema.optional(),
  /** Without a connection for so long, it closes. */
  idleMinutes: z.number().int().min(1).max(720).default(30),
  /** Names besides those of loopback that an HTTP request may be addressed to. */
  hosts: z
    .array(z.string().regex(/^[A-Za-z0-9.-]{1,253}$/, 'a host name without a port'))
    .max(8)
    .default([]),
  /** Where no container that runs can carry it. */
  helper: helperConsentSchema.optional(),
  confirm: z.string().max(128).optional(),
});

const terminalId = z.string().min(1).max(64);

export const forwardOperations = {
  watch: subscription({
    class: 'observe',
    summary: 'The ports of services that are open on this machine, and those that were closed last',
    input: inEnvironment,
    output: z.array(forwardSchema),
  }),
  look: query({
    class: 'observe',
    summary: 'How a port of a service would be reached; opens nothing',
    input: portOfService,
    output: forwardWaySchema,
  }),
  // A change, although it changes nothing by itself: what comes through the port is judged by no guard any more.
  open: mutation({
    class: 'change',
    summary: 'Open a port of a service on the loopback addresses of this machine, until it is closed or idle',
    input: portToOpen,
    output: forwardSchema,
  }),
  hold: subscription({
    class: 'change',
    summary: 'Open a port of a service on the loopback addresses of this machine, for as long as the caller stays',
    input: portToOpen,
    output: forwardSchema,
  }),
  // Never refused: it takes away reach alone.
  close: mutation({
    class: 'observe',
    summary: 'Close a port that was opened',
    input: inEnvironment.extend({ id: z.string().min(1).max(64) }),
    output: nothing,
  }),
} as const;

export const terminalOperations = {
  open: subscription({
    class: 'change',
    summary: 'A terminal in a container of a service; it ends when the caller leaves',
    input: inEnvironment.extend({
      service: serviceName,
      /** By name or id; absent: the first that runs. */
      container: z.string().min(1).max(256).optional(),
      /** Absent: the shell that is there. */
      command: z.array(z.string().min(1).max(4096)).min(1).max(100).optional(),
      /** null: pipes in the place of a terminal, errors apart. */
      size: terminalSizeSchema.nullable(),
      confirm: z.string().max(128).optional(),
    }),
    output: terminalEventSchema,
  }),
  // What follows belongs to a terminal that was opened under guard and audit, by its id, which nobody else is told. What
  // is typed is written down nowhere.
  write: mutation({
    class: 'sensitiveRead',
    summary: 'Type into an open terminal',
    input: z.object({
      id: terminalId,
      /** Base64. */
      bytes: z.string().max(256 * 1024),
      /** Nothing more comes. */
      isEnd: z.boolean().default(false),
    }),
    output: nothing,
  }),
  resize: mutation({
    class: 'sensitiveRead',
    summary: 'Tell an open terminal its size',
    input: z.object({ id: terminalId, size: terminalSizeSchema }),
    output: nothing,
  }),
  acknowledge: mutation({
    class: 'sensitiveRead',
    summary: 'Say how much of the output of an open terminal was shown, so that more is sent',
    input: z.object({
      id: terminalId,
      bytes: z
        .number()
        .int()
        .min(1)
        .max(2 ** 30),
    }),
    output: nothing,
  }),
} as const;
