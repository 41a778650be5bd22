import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import type { SshAddress } from '../docker/address.ts';
import { createEngine } from '../docker/engine.ts';
import { watchProject } from '../docker/projectWatch.ts';
import { EngineUnderTest } from './engines/engineUnderTest.ts';
import { createFakeEngine } from './fakeEngine.ts';
import { installStandInSsh, setPath } from './standInSsh.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const sandbox = new EngineUnderTest('sandbox', '');
beforeAll(() => sandbox.open(), 60_000);
afterEach(() => sandbox.cleanUp());
afterAll(() => sandbox.close());

const address: SshAddress = { kind: 'ssh', user: 'op', host: 'far', port: null, socketPath: null };
const patient = { timeout: 30_000 };

function open(given: SshAddress = address) {
  const engine = createEngine(given);
  onTestFinished(() => engine.close());
  return engine;
}

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test('calls, streams and a hijacked exec go through, and the identity is the remote engine', async () => {
  const ssh = installStandInSsh(sandbox.socketPath);
  const engine = open();
  expect(await engine.info()).toMatchObject({ isSandbox: true });
  const id = await sandbox.run('far', { Labels: { 'com.docker.compose.project': 'far' } });
  expect((await engine.listContainers('far')).map((one) => one.id)).toEqual([id]);
  const exec = await engine.exec(id, ['echo', 'heard']);
  const heard: Buffer[] = [];
  exec.stream.on('data', (chunk: Buffer) => heard.push(chunk));
  await once(exec.stream, 'close');
  expect(Buffer.concat(heard).toString('latin1')).toContain('heard');
  expect(ssh.starts()[0]?.args).toEqual([
    ...['-l', 'op', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', '-T', '--'],
    ...['far', 'docker', 'system', 'dial-stdio'],
  ]);
}, 60_000);

test('a connection is used again: the next call needs no handshake', async () => {
  const ssh = installStandInSsh(sandbox.socketPath);
  const engine = open();
  for (let count = 0; count < 10; count += 1) await engine.ping(20_000);
  expect(ssh.starts()).toHaveLength(1);
}, 60_000);

test('many calls at once do not knock at once', async () => {
  const ssh = installStandInSsh(sandbox.socketPath);
  const engine = open();
  await Promise.all(Array.from({ length: 12 }, () => engine.ping(30_000)));
  // How many of several are in their handshake at one moment is the machine's affair, down to one.
  expect(ssh.starts().length).toBeGreaterThan(1);
  expect(ssh.starts().length).toBeLessThanOrEqual(12);
  expect(ssh.mostAtOnce()).toBeLessThanOrEqual(4);
}, 60_000);

test('closing ends every ssh, also one whose stream is read', async () => {
  const ssh = installStandInSsh(sandbox.socketPath);
  const engine = open();
  await engine.events(new AbortController().signal);
  await engine.ping(20_000);
  engine.close();
  const pids = ssh.starts().map(({ pid }) => pid);
  expect(pids.length).toBeGreaterThan(0);
  await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), patient);
}, 60_000);

test('what ssh says is what the operator reads, with the command to try', async () => {
  const ssh = installStandInSsh(sandbox.socketPath);
  ssh.failWith({ said: 'op@far: Permission denied (publickey).\n', code: 255 });
  await expect(open({ ...address, port: 2222 }).ping(20_000)).rejects.toMatchObject({
    code: 'engine-unreachable',
    message: 'The engine at ssh://op@far:2222 does not answer: op@far: Permission denied (publickey)..',
    remedy: expect.stringContaining('`ssh -p 2222 op@far docker version`'),
  });
}, 60_000);

test('a remote machine without docker is said in its own words', async () => {
  const ssh = installStandInSsh(sandbox.socketPath);
  ssh.failWith({ said: 'sh: 1: docker: not found\n', code: 127 });
  await expect(open().ping(20_000)).rejects.toMatchObject({ message: expect.stringContaining('docker: not found') });
}, 60_000);

test('a machine without ssh is told to install it', async () => {
  setPath(temporaryFolder());
  await expect(open().ping(20_000)).rejects.toMatchObject({
    code: 'engine-unreachable',
    message: expect.stringContaining('there is no program ssh on this machine'),
    remedy: expect.stringContaining('Install'),
  });
});

test('an engine that goes is lost with what was seen last, and comes back over a new connection', async () => {
  const fake = createFakeEngine();
  fake.containers.set('a', { id: 'a', service: 'search', running: true, startedAt: '', log: [] });
  await fake.listen();
  const ssh = installStandInSsh(fake.socketPath);
  const watch = watchProject({ openEngine: () => createEngine(address), project: 'shop', now: Date.now });
  onTestFinished(async () => {
    await watch.close();
    await fake.close();
  });
  const becomes = (state: string) =>
    vi.waitFor(() => expect(watch.connection.current.state).toBe(state), { timeout: 30_000 });
  await becomes('live');
  await fake.die();
  await becomes('lost');
  expect(watch.observed.current?.containers.size).toBe(1);
  const before = ssh.starts().length;
  fake.containers.clear();
  await fake.listen();
  await becomes('live');
  await vi.waitFor(() => expect(watch.observed.current?.containers.size).toBe(0), patient);
  expect(ssh.starts().length).toBeGreaterThan(before);
}, 120_000);

const sshdPath = ['/usr/sbin/sshd', process.env.GATEHOUSE_TEST_SSHD ?? ''].find((path) => path && existsSync(path));
const missing = findMissing();

function findMissing(): string | undefined {
  if (!sshdPath) return 'needs sshd (Debian: openssh-server), or GATEHOUSE_TEST_SSHD with its path';
  for (const program of ['ssh', 'ssh-keygen', 'docker']) {
    const found = (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
    if (!found) return `needs the program ${program} on PATH`;
  }
  return undefined;
}

/** An sshd of the test's own on loopback, and an `ssh` that knows its key. */
async function startSshd(): Promise<number> {
  const folder = temporaryFolder();
  const key = (name: string) => {
    const path = join(folder, name);
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path]);
    return path;
  };
  const [hostKey, userKey] = [key('host'), key('user')];
  const port = await findFreePort();
  const config = join(folder, 'sshd_config');
  writeFileSync(join(folder, 'authorized'), readFileSync(`${userKey}.pub`), { mode: 0o600 });
  writeFileSync(
    config,
    `Port ${port}\nListenAddress 127.0.0.1\nHostKey ${hostKey}\nAuthorizedKeysFile ${join(folder, 'authorized')}\n` +
      `StrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\nPidFile none\nSetEnv PATH=${process.env.PATH}\n`,
  );
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const sshd = spawn(sshdPath ?? '', ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(() => void sshd.kill());
  await once(sshd.stderr, 'data');
  const own = join(folder, 'ssh_config');
  writeFileSync(
    own,
    `Host far\n  HostName 127.0.0.1\n  Port ${port}\n  IdentityFile ${userKey}\n  IdentitiesOnly yes\n` +
      `  UserKnownHostsFile ${join(folder, 'known')}\n  StrictHostKeyChecking accept-new\n`,
  );
  const real = execFileSync('sh', ['-c', 'command -v ssh'], { encoding: 'utf8' }).trim();
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin', 'ssh'), `#!/bin/sh\nexec ${real} -F ${own} "$@"\n`);
  chmodSync(join(folder, 'bin', 'ssh'), 0o755);
  setPath(`${join(folder, 'bin')}${delimiter}${process.env.PATH}`);
  return port;
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  server.close();
  return typeof bound === 'object' && bound ? bound.port : 0;
}

test('the real ssh and sshd, an alias of its configuration, and a socket of its own', async (context) => {
  if (missing) context.skip(missing);
  await startSshd();
  const engine = open({ ...address, user: userInfo().username, socketPath: sandbox.socketPath });
  await engine.ping(20_000);
  expect(await engine.info()).toMatchObject({ isSandbox: true });
}, 60_000);
