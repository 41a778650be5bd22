// Who a request is from: a customer that the gateway vouches for, by the token that this shop issued. Nothing else counts.
import type { ServiceRequest } from '../../kit/routes.ts';
import { RefusedRequest } from './refusal.ts';

/** The shop's name among the providers of gateway.yaml: another provider's subject 17 is somebody else. */
export const PROVIDER = 'shop';
export const ADMIN_SCOPE = 'admin';

/** The id of the signed-in customer; throws a 401 when nobody is signed in. */
export function getCustomerId({ caller }: ServiceRequest): number {
  if (caller.kind === 'subject' && caller.provider === PROVIDER && /^[1-9]\d{0,14}$/.test(caller.subject)) {
    return Number(caller.subject);
  }
  throw new RefusedRequest(401, 'not-signed-in', 'sign in at POST /auth/login/ and send the token through the gateway');
}

/** Throws unless the customer is an administrator. */
export function requireAdmin(request: ServiceRequest): void {
  getCustomerId(request);
  const { caller } = request;
  if (caller.kind === 'subject' && caller.scopes.includes(ADMIN_SCOPE)) return;
  throw new RefusedRequest(403, 'not-an-administrator', `this needs the scope ${ADMIN_SCOPE}`);
}
