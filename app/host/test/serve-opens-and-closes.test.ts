import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createRuntimeFolder, type RunningCli, runCli, startCli } from './runCli.ts';

const QUIET = ['serve', '--no-open', '--engine', 'sandbox'];

async function serve(
  folder: string,
  args: string[] = [],
): Promise<RunningCli & { url: string; code: string; port: string }> {
  const running = startCli([...QUIET, '--port', '0', ...args], folder);
  const line = await running.waitFor(/\n/);
  const [, url = '', port = '', code = ''] =
    /^Gatehouse: (http:\/\/127\.0\.0\.1:(\d+))\/#code=(\S+)\n$/.exec(line) ?? [];
  return { ...running, url, code, port };
}

test('serve prints one line whose code opens a session, and a signal ends it in time', async () => {
  const folder = createRuntimeFolder();
  const host = await serve(folder);
  const exchange = await fetch(`${host.url}/session`, {
    method: 'POST',
    headers: { Origin: host.url, 'Content-Type': 'application/json' },
    body: JSON.stringify({ code: host.code }),
  });
  expect(exchange.status).toBe(200);
  expect(readdirSync(folder)).toContain(`host-${host.port}.json`);

  const another = await runCli(['code'], folder);
  expect(another.stdout).toMatch(new RegExp(`^Gatehouse: ${host.url}/#code=`));

  const began = performance.now();
  host.process.kill('SIGTERM');
  const { code, stdout } = await host.result;
  expect(performance.now() - began).toBeLessThan(3500);
  expect(code).toBe(0);
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  expect(readdirSync(folder).filter((name) => name.startsWith('host-'))).toEqual([]);
});

test('a window that is gone ends its host', async () => {
  const host = await serve(createRuntimeFolder(), ['--until-stdin-ends']);
  host.process.stdin.end();
  expect(await host.result).toMatchObject({ code: 0 });
});

test('a Ctrl-C that arrives twice at once is one', async () => {
  const host = await serve(createRuntimeFolder());
  host.process.kill('SIGINT');
  host.process.kill('SIGINT');
  expect(await host.result).toMatchObject({ code: 0 });
});

test('a port that is taken is named, with its holder and the remedy', async () => {
  const folder = createRuntimeFolder();
  const first = await serve(folder);
  const second = await runCli([...QUIET, '--port', first.port], folder);
  expect(second.code).toBe(2);
  expect(second.stdout).toBe('');
  expect(second.stderr).toContain(
    `port ${first.port} on 127.0.0.1 is taken: another Gatehouse (pid ${first.process.pid})`,
  );
  expect(second.stderr).toContain('--port');
});

test('a port that another program holds is said to be so', async () => {
  const other = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void other.close());
  const { port } = other.address() as { port: number };
  const { code, stderr } = await runCli([...QUIET, '--port', String(port)], createRuntimeFolder());
  expect(code).toBe(2);
  expect(stderr).toContain(`port ${port} on 127.0.0.1 is taken: node (pid ${process.pid}) holds it`);
});

test('desktop without a display says so in one line and serves', async () => {
  const running = startCli(['desktop', '--port', '0', '--engine', 'sandbox'], createRuntimeFolder());
  await running.waitFor(/^Gatehouse: http/);
  running.process.kill('SIGTERM');
  const { code, stderr } = await running.result;
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'No desktop window: there is no display.\n' });
});

test('a stack that is not there is wrong use, with the remedy', async () => {
  const { code, stdout, stderr } = await runCli(
    [...QUIET, '--port', '0', '--stack', '/nowhere'],
    createRuntimeFolder(),
  );
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('/nowhere');
});
