// Fetches a key set: one request on a connection of its own, bounded in time and size. Redirects are never followed: a
// key comes from where the operator said, or not at all.

const LIMIT_BYTES = 256 * 1024;

interface FetchOptions {
  readonly timeoutMs: number;
  /** The address to dial for `name:port`. */
  readonly resolve: (authority: string) => string;
  readonly signal: AbortSignal;
}

/** Rejects with a reason that names status, limit or error code, and nothing of the answer's content. */
export async function fetchJwks(url: URL, { timeoutMs, resolve, signal }: FetchOptions): Promise<string> {
  const secure = url.protocol === 'https:';
  const address = resolve(`${url.hostname}:${url.port || (secure ? '443' : '80')}`);
  // Most gateways fetch none, and it is a third of the program.
  const { Client } = await import('undici');
  const client = new Client(`${url.protocol}//${address}`, {
    // The certificate is checked against the configured name, whatever address it was resolved to.
    connect: { timeout: timeoutMs, ...(secure ? { servername: url.hostname } : {}) },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxHeaderSize: 16 * 1024,
  });
  try {
    const { statusCode, body } = await client.request({
      method: 'GET',
      path: `${url.pathname}${url.search}`,
      headers: { host: url.host, accept: 'application/jwk-set+json, application/json' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    if (statusCode !== 200) {
      const remedy = statusCode >= 300 && statusCode < 400 ? '; redirects are not followed, so name the last URL' : '';
      throw new Error(`the answer has status ${statusCode}${remedy}`);
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > LIMIT_BYTES) throw new Error(`the answer has more than ${LIMIT_BYTES} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    throw new Error(toReason(error, timeoutMs), { cause: error });
  } finally {
    // What is left of an answer that was given up ends here; nothing waits for it.
    client.destroy().catch(() => undefined);
  }
}

function toReason(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no whole answer in ${timeoutMs} ms`;
  const { code, errors } = error as NodeJS.ErrnoException & { errors?: NodeJS.ErrnoException[] };
  return code ?? errors?.[0]?.code ?? error.message;
}
