// What is wrong with a request, as its caller is told.

export interface ValidationFault {
  readonly in: 'body' | 'query' | 'header';
  /** A JSON pointer (RFC 6901) into the body, or with one step into the query or the header fields. */
  readonly pointer: string;
  /** Follows the thing that the pointer names: `must be number`. Holds no value of the request. */
  readonly message: string;
}

const FAULT_LIMIT = 10;
/** Names in a pointer are the caller's own, but need not come back whole. */
const POINTER_CHARACTERS = 200;

/** The member `errors` of a problem; the first faults only, when there are many. */
export function toErrorsMember(faults: readonly ValidationFault[]): { readonly errors: readonly ValidationFault[] } {
  return {
    errors: faults.slice(0, FAULT_LIMIT).map((fault) => ({ ...fault, pointer: cut(fault.pointer) })),
  };
}

/** For a sentence: `/items/0/price must be number`. */
export function describeFault({ in: place, pointer, message }: ValidationFault): string {
  return `${pointer === '' ? `the ${place}` : cut(pointer)} ${message}`;
}

function cut(pointer: string): string {
  return pointer.length <= POINTER_CHARACTERS ? pointer : `${pointer.slice(0, POINTER_CHARACTERS)}…`;
}
