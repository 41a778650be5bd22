import type { z } from 'zod';
import { EngineError } from './engineError.ts';

/** Throws EngineError 400 that names the field; `what` is for the sentence. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown, what: string): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new EngineError(400, `invalid ${what} request: ${issue?.path.join('.') || 'body'}: ${issue?.message}`);
}
