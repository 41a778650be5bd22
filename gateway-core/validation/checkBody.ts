import type { GatewayProblem } from '../problem/catalogue.ts';
import { toInvalid } from './checkHead.ts';
import { checkAgainst } from './compileSchema.ts';
import { readStrictJson } from './strictJson.ts';
import type { BodyRule } from './validationSection.ts';

/** What is wrong with a whole body; undefined when it is JSON that fits. */
export function checkBody(rule: BodyRule, body: Buffer): GatewayProblem | undefined {
  // A chunked body turns out to be empty only now.
  if (body.length === 0)
    return rule.required ? toInvalid([{ in: 'body', pointer: '', message: 'is missing' }]) : undefined;
  const json = readStrictJson(body, rule);
  if (json.kind === 'unreadable') return { code: 'bad-body', detail: `The body is refused: ${json.detail}.` };
  if (json.kind === 'refused') return toInvalid([json.fault]);
  if (rule.schema === null) return undefined;
  const faults = checkAgainst(rule.schema, json.value, 'body');
  return faults.length > 0 ? toInvalid(faults) : undefined;
}
