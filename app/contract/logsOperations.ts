// The part of the catalogue that is about logs.
import { z } from 'zod';
import { query, subscription } from './operation.ts';
import { environmentIdSchema } from './shapes/environment.ts';
import { logBatchSchema, logFilePieceSchema, logFilterSchema, logPageSchema, stampSchema } from './shapes/logs.ts';

const ofLogs = z.object({ environment: environmentIdSchema, filter: logFilterSchema.prefault({}) });

export const logsOperations = {
  follow: subscription({
    class: 'sensitiveRead',
    summary: 'Log lines of services, all of their containers merged by time: the newest of the past, then as they come',
    input: ofLogs.extend({
      /** How many of the past. */
      tail: z.number().int().min(0).max(5000).default(500),
      /** false: it ends after the past. */
      follow: z.boolean().default(true),
    }),
    output: logBatchSchema,
  }),
  page: query({
    class: 'sensitiveRead',
    summary: 'Log lines before or after a moment, the nearest ones to it',
    input: ofLogs.extend({
      direction: z.enum(['older', 'newer']).default('older'),
      /** The stamp of a line, which is itself left out; null: from the end, or the beginning, of what the filter means. */
      cursor: stampSchema.nullable().default(null),
      limit: z.number().int().min(1).max(2000).default(500),
    }),
    output: logPageSchema,
  }),
  download: subscription({
    class: 'sensitiveRead',
    summary: 'The newest log lines that a filter means, as a file in pieces; at most 50,000 lines and 16 MiB',
    input: ofLogs.extend({ format: z.enum(['text', 'json']).default('text') }),
    output: logFilePieceSchema,
  }),
} as const;
