// The seam between an exchange and whatever speaks HTTP to a replica.

export interface UpstreamRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Ours to write: end to end fields, with a Content-Length where the length is known, and no other framing. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** null: there is none. Chunked unless `headers` have a Content-Length. */
  readonly body: BodySource | null;
}

/** Takes a body, one piece after the other. */
export interface BodySink {
  /** False asks for a pause, which the source's resume ends. */
  write(chunk: Buffer): boolean;
  end(): void;
}

export interface BodySource {
  /** Begins at the body's first byte. */
  pipeTo(sink: BodySink): void;
  resume(): void;
  /** The sink wants nothing more. */
  stop(): void;
}

/** Told what happens to one request. After onEnd or onFailure nothing more comes. */
export interface UpstreamHandler {
  /** The connection stands and the request is being written. */
  onConnected(): void;
  /** The whole request was written. */
  onSent(): void;
  /** 1xx; may come several times before the answer. */
  onInformation(status: number, headers: [string, string][]): void;
  onAnswer(status: number, headers: [string, string][]): void;
  /**
   * The bytes are there until it returns: copy what is kept. False asks for a pause, which resume ends. What was read
   * already may still come.
   */
  onData(chunk: Buffer): boolean;
  /** Nothing more of the answer has come for now. */
  onPause?(): void;
  onEnd(trailers: [string, string][]): void;
  onFailure(error: UpstreamError): void;
}

export interface UpstreamCall {
  /** After it, the handler hears nothing more. */
  abort(): void;
  /** The same, but the rest of a short answer is read, so that the connection can be used again. */
  discard(): void;
  resume(): void;
}

export interface CallOptions {
  /** Not on a connection that has been used before. */
  readonly fresh?: boolean;
}

export interface UpstreamClient {
  /** `host:port` that it dials. */
  readonly address: string;
  /** Connections, and how many of them are idle. */
  readonly connections: { readonly open: number; readonly idle: number };
  /** Throws when the request has characters that would end a line of its head. */
  call(request: UpstreamRequest, handler: UpstreamHandler, options?: CallOptions): UpstreamCall;
  /** Ends idle connections now and the others when their requests are done. */
  close(): void;
  /** Ends every connection now. */
  destroy(): void;
}

export interface UpstreamClientOptions {
  readonly address: string;
  readonly secure: boolean;
  /** `name:port` whose name the certificate has to be for, whatever address is dialled. */
  readonly authority: string;
}

/** Beside the codes of Node's sockets. */
type UpstreamErrorCode = 'UPSTREAM_CLOSED' | 'UPSTREAM_INVALID';

export class UpstreamError extends Error {
  readonly code: string | undefined;
  /** A used connection ended before a byte of the answer: the upstream had closed it, and has not seen the request. */
  readonly isStale: boolean;

  constructor(code: UpstreamErrorCode | NodeJS.ErrnoException, isStale = false) {
    super(typeof code === 'string' ? code : code.message);
    this.code = typeof code === 'string' ? code : findCode(code);
    this.isStale = isStale;
  }
}

/** Connecting to several addresses of one name fails with an AggregateError; its first error tells why. */
function findCode(error: NodeJS.ErrnoException): string | undefined {
  if (typeof error.code === 'string') return error.code;
  const { errors } = error as { errors?: unknown };
  return Array.isArray(errors) && errors[0] instanceof Error ? findCode(errors[0]) : undefined;
}
