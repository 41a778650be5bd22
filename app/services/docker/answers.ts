// Fields of the engine's answers, each with a value for "not said": engines differ in what they leave out, and none may
// stop us from seeing the rest.
import { z } from 'zod';

export const text = z.string().catch('');
export const count = z.number().catch(0);
export const flag = z.boolean().catch(false);
export const texts = z.array(z.string()).nullish().catch([]);
export const textMap = z.record(z.string(), z.string().catch('')).nullish().catch({});

/** `State` of an inspection. A state that is not known counts as the one in which nothing runs. */
export const containerState = z.object({
  Status: z.enum(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead']).catch('dead'),
  ExitCode: count,
  OOMKilled: flag,
  Error: text,
  StartedAt: text,
  FinishedAt: text,
  Health: z
    .object({
      Status: z.enum(['healthy', 'unhealthy', 'starting', 'none']).catch('none'),
      Log: z
        .array(z.object({ End: text, ExitCode: count, Output: text }))
        .nullish()
        .catch([]),
    })
    .nullish()
    .catch(null),
});
