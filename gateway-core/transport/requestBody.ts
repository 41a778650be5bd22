// The client's body on its way to the upstream: counted, limited, and no faster than the upstream takes it.
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

interface RequestBodyOptions {
  readonly limitBytes: number;
  readonly onBytes: (total: number, chunk: Buffer) => void;
  /** Called once; nothing beyond the limit is passed on. */
  readonly onOverflow: () => void;
}

/**
 * The owner destroys the stream when the caller goes away; it does not watch for that itself, so that an abort of the
 * caller is never taken for a failure of the upstream. A stream of its own rather than the request: undici destroys the body of a failed request, and destroying an
 * IncomingMessage would take the client's socket with it before the failure could be answered.
 */
export function createRequestBody(request: IncomingMessage, options: RequestBodyOptions): Readable {
  let total = 0;
  const body = new Readable({
    read: () => void request.resume(),
    destroy(error, done) {
      request.off('data', onData).off('end', onEnd);
      done(error);
    },
  });
  function onData(chunk: Buffer): void {
    total += chunk.length;
    options.onBytes(total, chunk);
    if (total > options.limitBytes) {
      request.pause();
      request.off('data', onData);
      options.onOverflow();
    } else if (!body.push(chunk)) request.pause();
  }
  const onEnd = () => void body.push(null);
  request.on('data', onData).on('end', onEnd);
  request.pause();
  // Without a listener, an abort of either side would be an uncaught error.
  body.on('error', () => undefined);
  return body;
}
