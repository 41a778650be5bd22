// Drives a sandbox engine over its unix socket as any Docker client does, without a client library.
import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandboxEngine } from '../engine.ts';
import { testPrograms } from './programs.ts';

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  // biome-ignore lint/suspicious/noExplicitAny: the tests read single fields of large answers.
  body: any;
  text: string;
}

export interface EngineClient {
  socketPath: string;
  stateFolder: string;
  call(method: string, path: string, body?: unknown): Promise<Answer>;
  /** A body of bytes. */
  send(method: string, path: string, body: Buffer): Promise<Answer>;
  /** Opens a stream; `signal` closes it. */
  open(path: string, signal?: AbortSignal): Promise<IncomingMessage>;
  /** Creates and starts a container; answers its id. */
  run(name: string, spec: Record<string, unknown>): Promise<string>;
  /** Asks for the inspection until `question` is satisfied. Rejects with what was last seen after ten seconds. */
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  until(id: string, question: (inspection: any) => boolean): Promise<any>;
}

export function createEngineClient(socketPath: string, stateFolder: string): EngineClient {
  const open = (method: string, path: string, options: { body?: unknown; signal?: AbortSignal | undefined } = {}) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const isRaw = typeof options.body === 'string' || Buffer.isBuffer(options.body);
      const text = isRaw ? options.body : JSON.stringify(options.body);
      const signal = options.signal === undefined ? {} : { signal: options.signal };
      const request = httpRequest({ socketPath, method, path, agent: false, ...signal }, resolve);
      request.once('error', reject);
      request.end(options.body === undefined ? undefined : text);
    });

  async function call(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await open(method, path, { body });
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk;
    const isJson = response.headers['content-type'] === 'application/json' && text !== '';
    return { status: response.statusCode ?? 0, headers: response.headers, text, body: isJson ? parseJson(text) : text };
  }

  return {
    socketPath,
    stateFolder,
    call,
    send: call,
    open: (path, signal) => open('GET', path, { signal }),
    async run(name, spec) {
      const created = await call('POST', `/v1.47/containers/create?name=${name}`, spec);
      if (created.status !== 201) throw new Error(`create ${name}: ${created.status} ${JSON.stringify(created.body)}`);
      const started = await call('POST', `/v1.47/containers/${created.body.Id}/start`);
      if (started.status !== 204) throw new Error(`start ${name}: ${started.status} ${JSON.stringify(started.body)}`);
      return created.body.Id;
    },
    async until(id, question) {
      const deadline = Date.now() + 10_000;
      for (;;) {
        const { body } = await call('GET', `/containers/${id}/json`);
        if (question(body)) return body;
        if (Date.now() > deadline) throw new Error(`waited in vain; last seen: ${JSON.stringify(body.State)}`);
        // Not a wait for a fixed time: the condition is asked for again until it holds.
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}

export interface TestEngine extends EngineClient {
  close(): Promise<void>;
}

export async function startTestEngine(options: { spansTo?: string } = {}): Promise<TestEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'gs-'));
  const socketPath = join(folder, 'e.sock');
  const stateFolder = join(folder, 's');
  const engine = createSandboxEngine({ socketPath, stateFolder, programs: testPrograms, ...options });
  await engine.listen();
  return {
    ...createEngineClient(socketPath, stateFolder),
    async close() {
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const SERVICE_IMAGE = 'gatehouse/platform-service:0.1.0';

/** A service of ours with its health check, probed as compose would ask for it. */
export function serviceSpec(role: string, url: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { Image: SERVICE_IMAGE, Cmd: [role], Healthcheck: { Test: ['CMD', 'curl', '-f', url] }, ...more };
}

/** Undefined where it is several documents, as a stream of events is. */
function parseJson(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The payloads of a multiplexed stream, with the stream of each. */
export function parseFrames(bytes: Buffer): { stream: number; text: string }[] {
  const frames: { stream: number; text: string }[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at + 4);
    frames.push({ stream: bytes[at] ?? 0, text: bytes.subarray(at + 8, at + 8 + length).toString() });
    at += 8 + length;
  }
  return frames;
}
