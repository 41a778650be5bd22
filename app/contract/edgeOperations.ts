// The part of the catalogue about what clients get at the edge, and about the room that the engine's machine has.
import { z } from 'zod';
import { subscription } from './operation.ts';
import { capacitySchema } from './shapes/capacity.ts';
import { edgeTrafficSchema, outsideViewSchema } from './shapes/edge.ts';
import { environmentIdSchema } from './shapes/environment.ts';

const inEnvironment = z.object({ environment: environmentIdSchema });

export const edgeOperations = {
  outside: subscription({
    class: 'observe',
    summary: 'What a client gets through the published port: status, times, certificate, redirect; asked every 10 s',
    input: inEnvironment,
    output: outsideViewSchema,
  }),
  traffic: subscription({
    class: 'observe',
    summary: "Rate, errors and duration by the edge's own access log, and how they differ from the gateway's",
    input: inEnvironment,
    output: edgeTrafficSchema,
  }),
} as const;

export const capacityOperations = {
  watch: subscription({
    class: 'observe',
    summary: "Disk, memory and volume sizes of the engine's machine; counted only while somebody looks",
    input: inEnvironment,
    output: capacitySchema,
  }),
} as const;
