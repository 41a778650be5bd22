// What a route asks of a request's header fields: that one is there, is not there, or has one of some values.
import { type HeaderList, hasHeader, valuesOf } from '../headers/headerList.ts';

export type HeaderCondition =
  | { readonly name: string; readonly kind: 'present' }
  | { readonly name: string; readonly kind: 'absent' }
  /** The field stands once and has one of these values, compared byte by byte. Two lines with one name are no answer. */
  | { readonly name: string; readonly kind: 'oneOf'; readonly values: readonly string[] };

export function isConditionMet(condition: HeaderCondition, headers: HeaderList): boolean {
  if (condition.kind === 'oneOf') {
    const given = valuesOf(headers, condition.name);
    return given.length === 1 && condition.values.includes((given[0] ?? '').trim());
  }
  return hasHeader(headers, condition.name) === (condition.kind === 'present');
}

export function areConditionsMet(conditions: readonly HeaderCondition[], headers: HeaderList): boolean {
  return conditions.every((condition) => isConditionMet(condition, headers));
}

/** Whether no request can meet both lists. */
export function areContradictory(a: readonly HeaderCondition[], b: readonly HeaderCondition[]): boolean {
  return a.some((one) => b.some((other) => one.name === other.name && doExclude(one, other)));
}

function doExclude(a: HeaderCondition, b: HeaderCondition): boolean {
  if (a.kind === 'oneOf' && b.kind === 'oneOf') return !a.values.some((value) => b.values.includes(value));
  return (a.kind === 'absent') !== (b.kind === 'absent');
}

/** Below zero: whatever meets `a` meets `b` too, so `a` asks for more. Zero: neither or both do. */
export function compareConditions(a: readonly HeaderCondition[], b: readonly HeaderCondition[]): number {
  const forwards = doImply(a, b);
  const backwards = doImply(b, a);
  return forwards === backwards ? 0 : forwards ? -1 : 1;
}

function doImply(a: readonly HeaderCondition[], b: readonly HeaderCondition[]): boolean {
  return b.every((wanted) => a.some((given) => given.name === wanted.name && isAtLeast(given, wanted)));
}

function isAtLeast(given: HeaderCondition, wanted: HeaderCondition): boolean {
  if (wanted.kind === 'oneOf')
    return given.kind === 'oneOf' && given.values.every((value) => wanted.values.includes(value));
  return wanted.kind === 'absent' ? given.kind === 'absent' : given.kind !== 'absent';
}

/** `x-version is 2`, `x-beta is there`. */
export function toConditionText(condition: HeaderCondition): string {
  if (condition.kind === 'present') return `${condition.name} is there`;
  if (condition.kind === 'absent') return `${condition.name} is not there`;
  return `${condition.name} is ${condition.values.join(' or ')}`;
}
