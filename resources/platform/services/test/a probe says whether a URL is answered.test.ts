import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';

const probe = new URL('../../probe', import.meta.url).pathname;

async function run(url: string): Promise<{ code: number | null; output: string }> {
  const child = spawn(probe, [url], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

async function startAnswering(status: number): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((req, res) => {
    asked.push(`${req.method} ${req.headers.host} ${req.url}`);
    res.writeHead(status).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, asked };
}

test.each([
  [200, 0],
  [204, 0],
  [302, 0],
  [404, 1],
  [503, 1],
])('an answer of %i ends it with %i', async (status, code) => {
  const { port, asked } = await startAnswering(status);
  const url = `http://localhost:${port}/health/ready?deep=1`;
  expect(await run(url)).toEqual({ code, output: `${url} answered ${status}\n` });
  expect(asked).toEqual([`GET localhost:${port} /health/ready?deep=1`]);
});

test('a port that nobody listens at ends it with 1', async () => {
  // The port of the service multiplexer, which is too low for any test to listen at.
  expect(await run('http://127.0.0.1:1/')).toEqual({ code: 1, output: 'http://127.0.0.1:1/: no connection\n' });
});

test('a service that closes without a word ends it with 1', async () => {
  const server = createTcpServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  expect(await run(url)).toMatchObject({ code: 1, output: expect.stringContaining('answered nothing') });
});

test.each(['', 'localhost:80', 'https://localhost/', 'http://:80/'])('what is no http URL is named: %j', (url) => {
  const { status, stdout } = spawnSync(probe, [url], { encoding: 'utf8' });
  expect([status, stdout]).toEqual([1, `probe: "${url}" is no http URL\n`]);
});
