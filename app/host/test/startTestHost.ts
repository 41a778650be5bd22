// A real server on a free port, with hand-made handlers, and clients for it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { createClient, type GatehouseClient, type Handlers } from '../../contract/index.ts';
import { loadAssets } from '../assets.ts';
import { startServer } from '../server.ts';
import { createSessions, type Sessions } from '../session.ts';
import type { SocketLimits } from '../socketApi.ts';
import { createTickingHandlers } from './tickingHandlers.ts';

export interface TestHost {
  port: number;
  url: string;
  sessions: Sessions;
  /** What was logged, one JSON text a line. */
  log: string[];
  close(): Promise<void>;
}

export const SCRIPT = 'export const answer = 42;\n';

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function writeConsole(): Promise<string> {
  const folder = temporaryFolder();
  await mkdir(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Gatehouse</title>');
  writeFileSync(join(folder, 'assets', 'index-abc123.js'), SCRIPT);
  return folder;
}

export async function startTestHost(
  handlers: Handlers = createTickingHandlers().handlers,
  limits: Partial<SocketLimits> = {},
): Promise<TestHost> {
  const log: string[] = [];
  const sessions = createSessions();
  const assets = await loadAssets(await writeConsole());
  const server = await startServer({
    port: 0,
    handlers,
    assets,
    sessions,
    limits,
    version: '0.0.0-test',
    log: pino({ level: 'trace' }, { write: (line: string) => void log.push(line) }),
  });
  onTestFinished(() => server.close());
  return { port: server.port, url: server.url, sessions, log, close: () => server.close() };
}

/** A token as a window gets it. */
export function openSession({ sessions }: TestHost): string {
  const exchange = sessions.exchangeCode(sessions.issueCode());
  if (exchange.outcome !== 'token') throw new Error(`no token: ${exchange.outcome}`);
  return exchange.token;
}

/** A socket as a browser opens it. */
export function openSocket({ port, url }: TestHost, headers: Record<string, string> = {}): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api?connectionParams=1`, {
    headers: { Origin: url, ...headers },
  });
  onTestFinished(() => socket.terminate());
  return socket;
}

export function closeOf(socket: WebSocket): Promise<{ code: number; reason: string }> {
  return new Promise((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
}

/** The contract's client, as a window uses it. */
export function openClient(host: TestHost, token: string): GatehouseClient {
  const client = createClient({
    url: `ws://127.0.0.1:${host.port}/api`,
    token: () => token,
    WebSocket: class extends WebSocket {
      constructor(url: string | URL) {
        super(url, [], { origin: host.url });
      }
    } as unknown as typeof globalThis.WebSocket,
  });
  onTestFinished(() => client.close());
  return client;
}

/** Sends bytes as they are and gives the whole answer; for what no HTTP client would send. */
export function sendRaw(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}
