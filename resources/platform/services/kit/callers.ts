// Who sent a request, and whether it is answered at all: what did not come through the gateway is refused where
// GATEHOUSE_IDENTITY is `enforce`, and counted and served as anonymous where it is `observe`.
import type { IncomingMessage } from 'node:http';
import type { Environment } from './environment.ts';
import { type Caller, createIdentityKeyFile, createIdentityVerifier, type Identification } from './identity.ts';
import type { Metrics } from './metrics.ts';
import { type Reply, refuse } from './routes.ts';

export type IdentityMode = 'enforce' | 'observe' | 'off';

export interface Callers {
  readonly mode: IdentityMode;
  /** `upstream` is the service's name among the gateway's upstreams. Never throws. */
  identify(request: IncomingMessage, upstream: string): CallerDecision;
}

export type CallerDecision =
  /** `fault` says why the signature did not count, where that is not held against the request. */
  { kind: 'served'; caller: Caller; fault?: string } | { kind: 'refused'; reply: Reply; fault: string };

const ANONYMOUS: Caller = { kind: 'anonymous' };

/** Reads GATEHOUSE_IDENTITY and GATEHOUSE_IDENTITY_FILE. Throws when they do not go together, or the file is not usable. */
export function createCallers(environment: Environment, { checkSignature }: Pick<Metrics, 'checkSignature'>): Callers {
  const path = environment.GATEHOUSE_IDENTITY_FILE || undefined;
  const mode = parseIdentityMode(environment.GATEHOUSE_IDENTITY || undefined, path);
  if (path === undefined) return { mode, identify: () => ({ kind: 'served', caller: ANONYMOUS }) };
  const keys = createIdentityKeyFile(path);
  const verifiers = new Map<string, (request: IncomingMessage) => Identification>();

  return {
    mode,
    identify(request, upstream) {
      let verify = verifiers.get(upstream);
      if (verify === undefined) {
        verify = createIdentityVerifier({ keys, upstream });
        verifiers.set(upstream, verify);
      }
      const answer = verify(request);
      checkSignature(answer.ok ? 'valid' : mode === 'enforce' ? 'refused' : 'missed');
      if (answer.ok) return { kind: 'served', caller: answer.caller };
      if (mode === 'enforce') return { kind: 'refused', reply: NOT_THROUGH_GATEWAY, fault: answer.reason };
      return { kind: 'served', caller: ANONYMOUS, fault: answer.reason };
    },
  };
}

/** A caller learns no more than this; the reason is in the log. */
const NOT_THROUGH_GATEWAY = refuse(403, 'not-through-gateway', 'send this request through the API gateway');

/** Without a word, a service that has keys enforces. Throws with the remedy when what is said cannot be done. */
export function parseIdentityMode(text: string | undefined, path: string | undefined): IdentityMode {
  if (text === undefined) return path === undefined ? 'off' : 'enforce';
  if (text !== 'enforce' && text !== 'observe') {
    throw new Error(`GATEHOUSE_IDENTITY is ${JSON.stringify(text)}; use enforce or observe`);
  }
  if (path === undefined) {
    throw new Error(`GATEHOUSE_IDENTITY is ${text}, without keys; name them in GATEHOUSE_IDENTITY_FILE`);
  }
  return text;
}
