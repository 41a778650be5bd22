// The compose files of a stack as one project, to be read: what `gatehouse config` prints, with secrets masked.
import { z } from 'zod';

export const stackConfigSchema = z.object({
  project: z.string(),
  mode: z.enum(['dev', 'prod']),
  folder: z.string(),
  /** Absolute, in the order in which they are merged. */
  files: z.array(z.string()),
  /** YAML, at most 1 MiB of it. Of the operator's files, yet other people's text. */
  text: z.string(),
  /** The rest was left out. */
  isCut: z.boolean(),
  /** What a reader of the files should know, with `file:line:column`. */
  warnings: z.array(z.object({ place: z.string(), message: z.string() })),
});
export type StackConfig = z.infer<typeof stackConfigSchema>;
