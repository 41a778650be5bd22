// One call of the Docker Engine API, for what dockerode has no plain method: path, query and body as they are on the wire.
import type { Readable } from 'node:stream';
import type { EngineAddress } from './address.ts';
import { openStream, withTimeout } from './engineAnswer.ts';

export interface CallOptions {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** JSON, or the bytes of an archive. */
  readonly body?: unknown;
  readonly archive?: Buffer;
  /** Credentials of a registry; they go into a header, never into the address. */
  readonly credentials?: Readonly<Record<string, string>> | undefined;
  readonly timeoutMs?: number;
}

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';

/** The part of docker-modem that dockerode itself calls. */
export interface Modem {
  dial(options: Record<string, unknown>, callback: (error: unknown, answer: unknown) => void): void;
}

export interface EngineCall {
  /** The parsed answer. Throws EngineRefusal or `engine-unreachable`. */
  ask(what: string, method: Method, path: string, options?: CallOptions): Promise<unknown>;
  /** The answer as a stream; the signal destroys it. */
  open(what: string, method: Method, path: string, options: CallOptions & { signal: AbortSignal }): Promise<Readable>;
}

/**
 * An engine that stops or creates twenty containers at once answers nothing else about them meanwhile. A step must not
 * fail for that; who watches sees how long it takes, and whether the engine lives is asked apart.
 */
const answerTimeoutMs = 60_000;
/** 304: it is stopped or started already, which is what was asked for. */
const fine = { 200: true, 201: true, 204: true, 304: true };

export function createEngineCall(modem: Modem, address: EngineAddress): EngineCall {
  const dial = (method: Method, path: string, options: CallOptions, more: Record<string, unknown>) =>
    new Promise<unknown>((resolve, reject) => {
      const query = Object.fromEntries(Object.entries(options.query ?? {}).filter(([, value]) => value !== undefined));
      const { archive, credentials } = options;
      const request = {
        path: `${path}?`,
        method,
        options: { _query: query, _body: options.body ?? {} },
        statusCodes: fine,
        ...(archive ? { file: archive } : {}),
        ...(credentials ? { authconfig: credentials } : {}),
        ...more,
      };
      modem.dial(request, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
  return {
    ask: (what, method, path, options = {}) =>
      withTimeout(address, what, options.timeoutMs ?? answerTimeoutMs, (abortSignal) =>
        dial(method, path, options, { abortSignal }),
      ),
    open: (what, method, path, options) =>
      openStream(options.signal, (abortSignal) =>
        withTimeout(address, what, options.timeoutMs ?? answerTimeoutMs, () =>
          dial(method, path, options, { abortSignal, isStream: true }),
        ),
      ),
  };
}
