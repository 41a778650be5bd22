import type { Core } from '../exchange/core.ts';
import { type ExplainRequest, type Explanation, explain } from '../stages/explain.ts';

/** What a running gateway would do with a request at this moment. Takes nothing and counts nothing. */
export function explainNow({ revision, breakers, limits }: Core, request: ExplainRequest): Promise<Explanation> {
  return explain(revision.config, request, {
    askBreaker: (upstream) => breakers.peek(upstream),
    askLimits: limits.look,
    verifyToken: revision.auth.peek,
  });
}
