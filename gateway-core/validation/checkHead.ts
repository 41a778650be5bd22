// What can be said of a request before its body: header fields, query, content type, and whether there is to be a body.
import { type HeaderList, valuesOf } from '../headers/headerList.ts';
import type { GatewayProblem } from '../problem/catalogue.ts';
import type { Findings, RequestFacts } from '../stages/stage.ts';
import { checkAgainst } from './compileSchema.ts';
import { describeFault, toErrorsMember, type ValidationFault } from './fault.ts';
import { fitsMediaType, isJsonType, type MediaType, parseMediaType } from './mediaType.ts';
import { parseQuery, type QueryTypes, toQueryObject } from './query.ts';
import type { HeaderRule, QueryRule, ValidationRule } from './validationSection.ts';

type HeadCheck =
  | { readonly ok: true /** The body is JSON, and is to be held against the rule. */; readonly readsBody: boolean }
  | { readonly ok: false; readonly problem: GatewayProblem };

/** Refusals that need no body: they come before 100 Continue asks for one. */
export function checkHead(rule: ValidationRule, request: RequestFacts, findings: Findings): HeadCheck {
  const { headers, query, body } = rule;
  const problem =
    (headers && checkHeaders(headers, request.headers)) ?? (query && checkQuery(query, findings.query)) ?? undefined;
  if (problem) return { ok: false, problem };
  if (findings.bodyBytes === 0)
    return body?.required
      ? { ok: false, problem: toInvalid([{ in: 'body', pointer: '', message: 'is missing' }]) }
      : { ok: true, readsBody: false };
  return checkContent(rule, request.headers);
}

export function toInvalid(faults: readonly ValidationFault[]): GatewayProblem {
  const [first] = faults;
  return {
    code: 'request-invalid',
    detail: `The request is not valid: ${first ? describeFault(first) : 'it does not fit'}.`,
    members: toErrorsMember(faults),
  };
}

function checkHeaders(rule: HeaderRule, headers: HeaderList): GatewayProblem | undefined {
  const tooLarge = (pointer: string, message: string): GatewayProblem => {
    const fault: ValidationFault = { in: 'header', pointer, message };
    const detail = `The header fields are too large: ${describeFault(fault)}.`;
    return { code: 'headers-too-large', detail, members: toErrorsMember([fault]) };
  };
  const { countLimit, totalBytes, valueBytes } = rule;
  if (countLimit !== null && headers.length > countLimit)
    return tooLarge('', `has ${headers.length} fields, and may have ${countLimit}`);
  let total = 0;
  for (const [name, value] of headers) {
    total += name.length + value.length;
    if (valueBytes !== null && value.length > valueBytes)
      return tooLarge(`/${name.toLowerCase()}`, `has ${value.length} bytes, and may have ${valueBytes}`);
  }
  if (totalBytes !== null && total > totalBytes) return tooLarge('', `has ${total} bytes, and may have ${totalBytes}`);
  return undefined;
}

function checkQuery(rule: QueryRule, query: string): GatewayProblem | undefined {
  const refuse = (message: string) => toInvalid([{ in: 'query', pointer: '', message }]);
  const length = Math.max(0, query.length - 1);
  if (length > rule.lengthLimit) return refuse(`has ${length} characters, and may have ${rule.lengthLimit}`);
  const parsed = parseQuery(query);
  if (!parsed.ok) return { code: 'bad-request', detail: `The request is refused: ${parsed.detail}.` };
  if (parsed.pairs.length > rule.parameterLimit)
    return refuse(`has ${parsed.pairs.length} parameters, and may have ${rule.parameterLimit}`);
  if (rule.schema === null) return undefined;
  const object = toQueryObject(parsed.pairs, rule.schema as QueryTypes);
  if (!object.ok) return toInvalid([object.fault]);
  const faults = checkAgainst(rule.schema, object.value, 'query');
  return faults.length > 0 ? toInvalid(faults) : undefined;
}

function checkContent({ contentTypes, body }: ValidationRule, headers: HeaderList): HeadCheck {
  if (contentTypes === null) return { ok: true, readsBody: false };
  const fields = valuesOf(headers, 'content-type');
  const type = fields.length === 1 ? parseMediaType(fields[0] ?? '') : undefined;
  const wrong = findTypeFault(contentTypes, fields, type);
  // RFC 9110, 15.5.16: what would have been taken.
  if (wrong !== undefined) return refuseMedia(wrong, ['accept', contentTypes.join(', ')]);
  if (!body || !type || !isJsonType(type.essence)) return { ok: true, readsBody: false };
  // JSON is UTF-8 (RFC 8259, 8.1); who is told otherwise reads other characters than were checked.
  if (type.charset !== null && type.charset !== 'utf-8')
    return refuseMedia('The body says another charset than utf-8.', ['accept', contentTypes.join(', ')]);
  const encodings = valuesOf(headers, 'content-encoding').filter((value) => value.trim().toLowerCase() !== 'identity');
  if (encodings.length > 0)
    return refuseMedia('The body is compressed, and is only taken as it is.', ['accept-encoding', 'identity']);
  return { ok: true, readsBody: true };
}

function findTypeFault(
  wanted: readonly string[],
  fields: readonly string[],
  type: MediaType | undefined,
): string | undefined {
  if (fields.length === 0) return 'The body has no Content-Type.';
  if (fields.length > 1) return 'The body has several Content-Types.';
  if (!type) return 'The Content-Type of the body is not a media type.';
  if (wanted.some((pattern) => fitsMediaType(type.essence, pattern))) return undefined;
  return `The route takes ${wanted.join(', ')}, and not this type of body.`;
}

function refuseMedia(detail: string, header: readonly [string, string]): HeadCheck {
  return { ok: false, problem: { code: 'unsupported-media-type', detail, headers: [header] } };
}
