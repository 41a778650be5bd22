// A small admin API of a gateway on a unix socket: a double of an external process that can be made to go and to lie.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Breaker, Exchange, RouteTable } from '../../contract/index.ts';
import { exchange, stats } from './samples.ts';

export interface FakeAdmin {
  readonly socketPath: string;
  readonly taps: Set<ServerResponse>;
  breakers: Breaker[];
  routes: RouteTable;
  /** What a new tap gets first. */
  backfill: Exchange[];
  listen(): Promise<void>;
  die(): Promise<void>;
  hang(): void;
  send(line: unknown): void;
  close(): Promise<void>;
}

export function createFakeAdmin(name: string): FakeAdmin {
  const folder = mkdtempSync(join(tmpdir(), 'gh-admin-'));
  const taps = new Set<ServerResponse>();
  let server: Server | undefined;
  let hangs = false;

  const fake: FakeAdmin = {
    socketPath: join(folder, 'admin.sock'),
    taps,
    breakers: [],
    routes: { revision: 'r1', loadedAt: 0, listener: ':8080', stages: [], routes: [] },
    backfill: [],
    listen: () =>
      new Promise((resolve) => {
        hangs = false;
        server = createServer((request, answer) => {
          if (hangs) return;
          const path = (request.url ?? '').split('?')[0] ?? '';
          if (path === '/tap') {
            answer.writeHead(200, { 'content-type': 'application/x-ndjson' }).flushHeaders();
            for (const one of fake.backfill) answer.write(`${JSON.stringify({ type: 'exchange', exchange: one })}\n`);
            taps.add(answer);
            answer.once('close', () => taps.delete(answer));
            return;
          }
          const body =
            path === '/routes'
              ? fake.routes
              : path === '/breakers'
                ? fake.breakers
                : path === '/stats'
                  ? stats(Date.now(), {}, { gateway: name })
                  : path === `/exchanges/${name}-1`
                    ? {
                        ...exchange(1),
                        canonicalPath: '/',
                        forwardedPath: '/',
                        target: null,
                        stages: [],
                        requestHeaders: [],
                        responseHeaders: [],
                      }
                    : undefined;
          answer.writeHead(body === undefined ? 404 : 200).end(JSON.stringify(body ?? { code: 'exchange-unknown' }));
        }).listen(fake.socketPath, () => resolve());
      }),
    async die() {
      const old = server;
      server = undefined;
      old?.closeAllConnections();
      await new Promise((resolve) => (old ? old.close(resolve) : resolve(undefined)));
    },
    hang() {
      hangs = true;
    },
    send(line) {
      for (const tap of taps) tap.write(typeof line === 'string' ? line : `${JSON.stringify(line)}\n`);
    },
    async close() {
      await fake.die();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return fake;
}
