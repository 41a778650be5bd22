// Whether an exchange can be sent again as it was, from what the tap kept of it. Pure: the window shows what the host decides.
import type { ExchangeDetail } from './shapes/gateway.ts';

export interface ReplayRequest {
  of: string;
  method: string;
  path: string;
  headers: [string, string][];
  body: string | null;
}

export type Replayability =
  | {
      request: ReplayRequest;
      /** Fields whose values nobody kept. */
      leftOut: string[];
      /** Safe by RFC 9110, 9.2.1: sending it again asks for no change. */
      isSafe: boolean;
    }
  /** Why it cannot be. */
  | { obstacle: string };

type Source = Pick<
  ExchangeDetail,
  'id' | 'method' | 'path' | 'protocol' | 'requestHeaders' | 'requestBody' | 'requestBytes'
>;

const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];
const REDACTED = '[redacted]';

/** `bearer` stands in for an Authorization that was not kept. Never a part of a body, never a secret's mark for a secret. */
export function toReplay(source: Source, { bearer }: { bearer?: string | undefined } = {}): Replayability {
  const { method, path, requestBytes, requestBody } = source;
  if (source.protocol === 'websocket')
    return { obstacle: 'A WebSocket is a conversation, of which only the start was kept.' };
  if (!/^\/[!-~]*$/.test(path)) return { obstacle: 'Its target is no path that can be sent again.' };
  if (path.includes(REDACTED)) return { obstacle: 'Its query holds a secret, which the gateway did not keep.' };
  if (requestBytes > 0) {
    if (requestBody === null) return { obstacle: 'It had a body, which the gateway does not keep (tap.bodyPreview).' };
    if (requestBody.isCut) return { obstacle: 'Only the beginning of its body was kept.' };
    // What was redacted or is no UTF-8 has another length; a mark of the same length is looked for.
    const isWhole = new TextEncoder().encode(requestBody.text).length === requestBytes;
    if (!isWhole || requestBody.text.includes(REDACTED)) return { obstacle: 'Parts of its body were redacted.' };
  }
  const kept = source.requestHeaders.filter(([, value]) => !value.includes(REDACTED));
  const leftOut = source.requestHeaders
    .filter(([, value]) => value.includes(REDACTED))
    .map(([name]) => name.toLowerCase())
    .filter((name) => !(bearer && name === 'authorization'));
  const authorization: [string, string][] = bearer ? [['authorization', `Bearer ${bearer}`]] : [];
  const headers = bearer ? kept.filter(([name]) => name.toLowerCase() !== 'authorization') : kept;
  return {
    request: {
      of: source.id,
      method,
      path,
      headers: [...headers, ...authorization],
      body: requestBytes > 0 ? (requestBody?.text ?? null) : null,
    },
    leftOut: [...new Set(leftOut)],
    isSafe: SAFE_METHODS.includes(method),
  };
}
