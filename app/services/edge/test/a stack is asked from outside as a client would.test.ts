import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Level } from '../../../contract/index.ts';
import type { Engine } from '../../docker/engine.ts';
import type { ObservedContainer } from '../../docker/observed.ts';
import type { Observed } from '../../docker/reducer.ts';
import { createLiveValue } from '../../stream/liveValue.ts';
import { connection, container, observed } from '../../test/samples.ts';
import { createOutsideWatch } from '../outsideWatch.ts';

const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version']);
    return true;
  } catch {
    return false;
  }
})();
const withOpenssl = test.skipIf(!hasOpenssl);
let folder: string;

/** An authority, and a certificate of it for localhost. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gh-'));
  if (!hasOpenssl) return;
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  writeFileSync(join(folder, 'leaf.cnf'), 'subjectAltName=DNS:localhost,DNS:shop.example\nbasicConstraints=CA:FALSE\n');
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=own authority', '-days', '3');
  openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost');
  const sign = ['x509', '-req', '-in', 'server.csr', '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial'];
  openssl(...sign, '-out', 'server.crt', '-days', '40', '-extfile', 'leaf.cnf');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function listen(server: Server, port = 0): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  closers.push(close);
  return (server.address() as AddressInfo).port;
}

interface Ports {
  https?: number;
  http?: number;
}

function watch({ https, http }: Ports, given: Partial<ObservedContainer> = {}) {
  const published = (containerPort: number, hostPort: number | undefined) =>
    hostPort === undefined ? [] : [{ containerPort, protocol: 'tcp' as const, hostIp: '127.0.0.1', hostPort }];
  const ports = [...published(443, https), ...published(80, http)];
  const nginx = container({ service: 'nginx', image: 'nginx:1.28.0', ports, ...given });
  const transitions: [Level, string][] = [];
  const seen = createLiveValue<Observed | undefined>(observed([nginx]));
  const inspected = {
    Mounts: [{ Source: join(folder, 'server.crt'), Destination: '/etc/nginx/server.crt', RW: false }],
  };
  const outside = createOutsideWatch({
    stack: { observed: seen, connection: createLiveValue(connection('engine', 'live')) },
    openEngine: () => ({ inspect: async () => inspected, close() {} }) as unknown as Engine,
    findAddress: () => ({ kind: 'socket', path: '/run/docker.sock' }),
    findDeclared: () => null,
    onTransition: (level, sentence) => transitions.push([level, sentence]),
    now: Date.now,
    everyMs: 20,
  });
  closers.push(outside.close);
  return { outside, transitions, seen };
}

const until = (check: () => void) => vi.waitFor(check, { timeout: 15_000, interval: 10 });

withOpenssl(
  'status, times, certificate and redirect; its own authority vouches, no public one does (needs openssl)',
  async () => {
    const files = { key: readFileSync(join(folder, 'server.key')), cert: readFileSync(join(folder, 'server.crt')) };
    const asked: (string | undefined)[] = [];
    const https = await listen(
      createHttps(files, (request, response) => {
        asked.push(`${request.method} ${request.url} ${request.headers.host}`);
        response.end('ok');
      }),
    );
    const http = await listen(
      createHttp((_, response) => response.writeHead(301, { location: 'https://shop.example/' }).end()),
    );
    const labels = { 'gatehouse.probe.path': '/ready', 'gatehouse.probe.host': 'shop.example' };
    const { outside, transitions } = watch({ https, http }, { labels });
    await until(() => expect(outside.view.current.level).toBe('ok'));
    expect(outside.view.current).toMatchObject({
      state: 'probed',
      service: 'nginx',
      target: `https://127.0.0.1:${https}/ready`,
      status: 200,
      protocol: 'TLSv1.3',
      redirect: { status: 301, isToHttps: true },
      certificate: {
        subject: 'localhost',
        issuer: 'own authority',
        publicTrust: { holds: false },
        localTrust: { holds: true, reason: null },
        fitsName: true,
      },
    });
    const { timing } = outside.view.current;
    for (const part of [timing?.connectMs, timing?.tlsMs, timing?.firstByteMs]) expect(part).toBeGreaterThanOrEqual(0);
    expect(asked[0]).toBe('GET /ready shop.example');
    expect(transitions).toEqual([]);
  },
);

withOpenssl('a certificate for another name is said (needs openssl)', async () => {
  const files = { key: readFileSync(join(folder, 'server.key')), cert: readFileSync(join(folder, 'server.crt')) };
  const https = await listen(createHttps(files, (_, response) => response.end()));
  const { outside } = watch({ https }, { labels: { 'gatehouse.probe.host': 'else.example' } });
  await until(() =>
    expect(outside.view.current).toMatchObject({ level: 'degraded', certificate: { fitsName: false } }),
  );
  expect(outside.view.current.sentence).toContain('not for else.example');
});

test('an edge that is gone is down after two probes, is said once, and is well again at the first answer', async () => {
  const edge = createHttp((_, response) => response.end());
  const port = await listen(edge);
  const { outside, transitions } = watch({ http: port });
  await until(() => expect(outside.view.current).toMatchObject({ level: 'ok', target: `http://127.0.0.1:${port}/` }));
  await new Promise((resolve) => {
    edge.close(resolve);
    edge.closeAllConnections();
  });
  await until(() => expect(outside.view.current).toMatchObject({ level: 'down', status: null }));
  expect(outside.view.current.sentence).toContain('nothing listens there');
  await listen(
    createHttp((_, response) => response.end()),
    port,
  );
  await until(() => expect(outside.view.current.level).toBe('ok'));
  expect(transitions.map(([level]) => level)).toEqual(['down', 'ok']);
});

test('errors of the edge are what clients get; a path that nobody chose may be missing', async () => {
  let status = 404;
  const port = await listen(createHttp((_, response) => response.writeHead(status).end()));
  const { outside, transitions } = watch({ http: port });
  await until(() => expect(outside.view.current.level).toBe('ok'));
  status = 503;
  await until(() => expect(outside.view.current.level).toBe('down'));
  await until(() => expect(outside.view.current.course.length).toBeGreaterThan(4));
  status = 200;
  await until(() => expect(outside.view.current.level).toBe('ok'));
  expect(transitions.map(([level]) => level)).toEqual(['down', 'ok']);
  expect(transitions[0]?.[1]).toContain('503');
});

test('what publishes nothing is not asked, and why is said', async () => {
  const { outside } = watch({});
  await until(() => expect(outside.view.current).toMatchObject({ state: 'none', level: 'unknown', target: null }));
  expect(outside.view.current.sentence).toContain('the edge publishes no port now');
});
