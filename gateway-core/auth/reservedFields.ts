// Names of header fields that only the gateway may set, whatever way a client spells them.
import { remember } from '../memo/remember.ts';

/**
 * How servers that hand fields over as variables see a name: `X_User.Id` and `x-user-id` both become HTTP_X_USER_ID
 * (RFC 3875, 4.1.18), so a client could set one by the other. Takes a name in lower case.
 */
export function foldFieldName(lowerName: string): string {
  return PLAIN.test(lowerName) ? lowerName : lowerName.replace(/[^a-z0-9]/g, '-');
}

const PLAIN = /^[a-z0-9-]+$/;

/** Fields of HTTP and of the gateway that cannot carry a claim. */
const OURS = new Set([
  ...['host', 'connection', 'content-length', 'content-type', 'transfer-encoding', 'te', 'trailer', 'upgrade'],
  ...['expect', 'authorization', 'proxy-authorization', 'cookie', 'forwarded', 'via', 'traceparent', 'tracestate'],
  ...['baggage', 'keep-alive', 'proxy-connection', 'x-request-id', 'x-real-ip', 'x-original-url', 'x-rewrite-url'],
]);

export function isOursAlready(folded: string): boolean {
  return OURS.has(folded) || folded.startsWith('x-forwarded-') || folded.startsWith('x-gatehouse-');
}

/** Whether a client's field is to be dropped, by its name in lower case. */
export type IsReserved = (lowerName: string) => boolean;

/** `headers` are the lower-case names of the fields that carry claims; `x-gatehouse-*` is the gateway's always. */
export function createReservedFields(headers: readonly string[]): IsReserved {
  const names = new Set(headers.map(foldFieldName));
  return remember((lowerName) => {
    const folded = foldFieldName(lowerName);
    return names.has(folded) || folded.startsWith('x-gatehouse-');
  });
}
