import { z } from 'zod';

/** Of a terminal, in characters. */
export const terminalSizeSchema = z.object({
  columns: z.number().int().min(2).max(1000),
  rows: z.number().int().min(2).max(1000),
});
export type TerminalSize = z.infer<typeof terminalSizeSchema>;

/** What comes from a terminal, in order. Its bytes are those of the container: untrusted, and of any kind. */
export const terminalEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('opened'), id: z.string(), container: z.string(), command: z.array(z.string()) }),
  /** Bytes in base64; `channel` is `stdout` where there is a terminal, which has one channel alone. */
  z.object({ kind: z.literal('output'), channel: z.enum(['stdout', 'stderr']), bytes: z.string() }),
  /** null: it was ended from outside, or the engine does not say. */
  z.object({ kind: z.literal('ended'), exitCode: z.number().nullable(), reason: z.string() }),
]);
export type TerminalEvent = z.infer<typeof terminalEventSchema>;
