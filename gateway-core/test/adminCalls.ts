// Calls of the admin API over its socket.
import { type IncomingHttpHeaders, request } from 'node:http';
import { onTestFinished } from 'vitest';

export interface AdminAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Parsed; throws when it is no JSON. */
  json<T>(): T;
}

interface CallOptions {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

export function callAdmin(socketPath: string, path: string, options: CallOptions = {}): Promise<AdminAnswer> {
  const { method = 'GET', body, headers = {} } = options;
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, path, method, headers, agent: false }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString('utf8');
      const json = <T>() => JSON.parse(text) as T;
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
    });
    outgoing.on('error', reject).end(body);
  });
}

export interface Lines<T> {
  readonly seen: T[];
  close(): void;
}

/** A stream of lines, open once its first line is there; closed when the test ends. */
export async function watchAdmin<T>(socketPath: string, path: string): Promise<Lines<T>> {
  const seen: T[] = [];
  const outgoing = request({ socketPath, path, agent: false });
  onTestFinished(() => void outgoing.destroy());
  await new Promise<void>((resolve, reject) => {
    outgoing.on('error', reject).on('response', (response) => {
      let rest = '';
      response.on('error', () => undefined);
      response.setEncoding('utf8').on('data', (text: string) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        seen.push(...lines.map((line) => JSON.parse(line) as T));
        resolve();
      });
    });
    outgoing.end();
  });
  return { seen, close: () => void outgoing.destroy() };
}
