// One request of a client with the path and fields just as they are written here, and its answer.
import { type IncomingHttpHeaders, type RequestOptions, request } from 'node:http';
import type { ExplainRequest, Explanation } from '../stages/explain.ts';

export interface TestAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface TestRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
}

/** On a connection of its own. */
export function ask(
  port: number,
  path: string,
  { method = 'GET', headers = {}, body }: TestRequest = {},
): Promise<TestAnswer> {
  return send({ host: '127.0.0.1', port, path, method, headers: { ...headers } }, body);
}

/** As a trusted proxy would send it for a client. */
export function askAs(port: number, client: string, path: string): Promise<TestAnswer> {
  return ask(port, path, { headers: { 'x-forwarded-for': client } });
}

export async function askExplain(
  socketPath: string,
  url: string,
  more: Partial<Pick<ExplainRequest, 'method' | 'headers'>> = {},
): Promise<Explanation> {
  const { body } = await send({ socketPath, path: '/explain', method: 'POST' }, JSON.stringify({ ...more, url }));
  return JSON.parse(body) as Explanation;
}

function send(options: RequestOptions, body?: string | Buffer): Promise<TestAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ ...options, agent: false }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      });
    });
    outgoing.on('error', reject).end(body);
  });
}
