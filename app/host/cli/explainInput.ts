// Checks what `gatehouse explain` was given by the contract's own schema. Apart, so that other commands do not load it.
import { type ExplainInput, explainInputSchema } from '../../contract/index.ts';
import { CommandError, EXIT } from './exitCodes.ts';

/** Throws a CommandError that names what does not fit. */
export function parseExplainInput(method: string, url: string, headers: [string, string][]): ExplainInput {
  const parsed = explainInputSchema.safeParse({ method, url, headers });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new CommandError(EXIT.wrongUse, `${issue?.path.join('.')}: ${issue?.message}`);
}
