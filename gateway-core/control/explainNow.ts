import type { Core } from '../exchange/core.ts';
import { type ExplainRequest, type Explanation, explain } from '../stages/explain.ts';

/** What a running gateway would do with a request at this moment. Takes nothing and counts nothing. */
export function explainNow(core: Core, request: ExplainRequest): Promise<Explanation> {
  return explain(core.revision.config, request, (upstream) => core.breakers.peek(upstream));
}
