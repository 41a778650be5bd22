import type { Core } from '../exchange/core.ts';
import { type ExplainRequest, type Explanation, explain } from '../stages/explain.ts';

/** What a running gateway would do with a request at this moment. Takes nothing and counts nothing. */
export function explainNow({ revision, upstreams, limits }: Core, request: ExplainRequest): Promise<Explanation> {
  return explain(revision.config, request, {
    // Of an upstream that the configuration in force names, so that there always is one.
    askBreaker: (upstream) => upstreams.peek(upstream) ?? { admitted: true, state: 'closed' },
    askLimits: limits.look,
    verifyToken: revision.auth.peek,
  });
}
