import { checkBody } from '../validation/checkBody.ts';
import { checkHead } from '../validation/checkHead.ts';
import type { BodyRule, ValidationRule } from '../validation/validationSection.ts';
import { type BodyRead, type Decision, type Findings, pass, type Stage, type StageContext, stop } from './stage.ts';

/** Holds a request against its route's rule. A body that is to be checked is read whole; what is forwarded is what was checked. */
export const validate: Stage = {
  name: 'validate',
  decide(request, findings, { readBody }) {
    const { route } = findings;
    if (!route || route.validate.length === 0) return { outcome: 'skip', sentence: 'No request schema is configured.' };
    const rule = findRule(route.validate, request.method);
    if (!rule) return { outcome: 'skip', sentence: `Route ${route.id} checks no ${request.method}.` };
    const head = checkHead(rule, request, findings);
    if (!head.ok) return stop(head.problem);
    if (!head.readsBody || !rule.body)
      return pass('Header fields, query and content type are as the route wants them.');
    return readAndCheck(rule.body, findings, readBody);
  },
};

function findRule(rules: readonly ValidationRule[], method: string): ValidationRule | undefined {
  return rules.find(({ methods }) => methods === null || methods.includes(method));
}

function readAndCheck(
  rule: BodyRule,
  { route, bodyBytes }: Findings,
  readBody: StageContext['readBody'],
): Decision | Promise<Decision> {
  const limitBytes = Math.min(rule.bufferBytes, route?.bodyLimitBytes ?? rule.bufferBytes);
  // Announced as too large: not a byte of it is asked for.
  if (bodyBytes !== null && bodyBytes > limitBytes) return toDecision({ kind: 'too-large' }, rule, limitBytes);
  if (!readBody)
    return { outcome: 'skip', sentence: 'Everything before the body is as the route wants it; the body is not known.' };
  return readBody({ limitBytes, timeoutMs: rule.timeoutMs }).then((read) => toDecision(read, rule, limitBytes));
}

function toDecision(read: BodyRead, rule: BodyRule, limitBytes: number): Decision {
  switch (read.kind) {
    case 'whole': {
      const problem = checkBody(rule, read.body);
      if (problem) return stop(problem);
      return pass(`The body of ${read.body.length} bytes is as the route wants it.`, { bufferedBody: read.body });
    }
    case 'too-large':
      return stop({
        code: 'body-too-large',
        detail: `The body has more than the ${limitBytes} bytes that are checked here.`,
      });
    case 'too-slow':
      return stop({ code: 'request-timeout', detail: `The body did not arrive in ${rule.timeoutMs} ms.` });
    case 'no-room':
      return stop({
        code: 'overloaded',
        detail: 'The gateway holds as much of bodies as it may; try again in 1 s.',
        headers: [['retry-after', '1']],
      });
    case 'gone':
      return stop({ code: 'bad-request', detail: 'The caller went away in the middle of the body.' });
  }
}
