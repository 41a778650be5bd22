// What a forwarded port costs: the same downloads from one server, directly and through a forward on the sandbox's engine,
// in one run, at 1 and at 100 connections; and what 100 connections keep in memory that nobody reads. Prints JSON; ends
// with 1 below --least MB/s (50). Built programs are needed. --quick for a short one.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openForwardsOf } from '../app/services/test/forwardsOfEngine.ts';

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, least: { type: 'string', default: '50' } },
});
const megabytes = values.quick ? 128 : 1024;
const many = 100;
const host = fileURLToPath(new URL('../dist/host/gatehouse.js', import.meta.url));
const project = 'bench';
const port = 9000;

/** A client says how many bytes it wants, as a line. */
const server = `
  const block = Buffer.alloc(65536, 120);
  require('node:net').createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (line) => {
      let left = Number(line);
      const write = () => {
        while (left > 0) {
          const fits = socket.write(left < block.length ? block.subarray(0, left) : block);
          left -= block.length;
          if (!fits) return socket.once('drain', write);
        }
        socket.end();
      };
      write();
    });
  }).listen(0, '127.0.0.1', function () { console.log(this.address().port); });`;

/** A process of its own, as a client is: port, connections, bytes each. Prints milliseconds. */
const client = `
  const [port, count, bytes] = process.argv.slice(1).map(Number);
  const one = () => new Promise((resolve, reject) => {
    let got = 0;
    const socket = require('node:net').connect(port, '127.0.0.1', () => socket.write(bytes + '\\n'));
    socket.on('data', (chunk) => { got += chunk.length; }).on('error', reject);
    socket.on('end', () => got === bytes ? resolve() : reject(new Error(got + ' of ' + bytes)));
  });
  const at = performance.now();
  Promise.all(Array.from({ length: count }, one)).then(() => console.log(performance.now() - at));`;

const children: ChildProcess[] = [];
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
const socketPath = join(folder, 'e.sock');
const stateFolder = join(folder, 's');

async function start(...argv: string[]): Promise<string> {
  const child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return line.toString().trim();
}

function call(method: string, path: string, body?: unknown): Promise<{ Id: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const asked = httpRequest({ socketPath, method, path, headers, agent: false }, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      if ((answer.statusCode ?? 500) >= 400) reject(new Error(`${method} ${path}: ${text}`));
      else resolve(text.startsWith('{') ? JSON.parse(text) : { Id: '' });
    });
    asked.once('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function runContainer(service: string, spec: object): Promise<void> {
  const Labels = { 'com.docker.compose.project': project, 'com.docker.compose.service': service };
  const body = { ...spec, Labels, HostConfig: { NetworkMode: 'bench' } };
  const { Id } = await call('POST', `/containers/create?name=bench-${service}`, body);
  await call('POST', `/containers/${Id}/start`);
}

/** No program of the sandbox sends megabytes: its name is pointed at the server of this bench. */
function pointAt(serverPort: number): void {
  const path = join(stateFolder, 'hosts.json');
  const hosts = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
  writeFileSync(`${path}.bench`, JSON.stringify({ ...hosts, [`bench-source:${port}`]: `127.0.0.1:${serverPort}` }));
  renameSync(`${path}.bench`, path);
}

async function measure(name: string, to: number, connections: number) {
  const each = Math.floor((megabytes * 2 ** 20) / connections);
  const ms = Number(await start('-e', client, '--', String(to), String(connections), String(each)));
  return { name, connections, megabytesPerSecond: Math.round(megabytes / (ms / 1000)) };
}

/** Megabytes that this process, which holds the forward, has grown by while nobody reads what 100 connections send. */
async function measureUnread(to: number): Promise<number> {
  const before = process.memoryUsage.rss();
  const sockets: Socket[] = [];
  for (let count = 0; count < many; count += 1) {
    const socket = connect({ host: '127.0.0.1', port: to }).pause();
    socket.on('error', () => {}).write(`${2 ** 30}\n`);
    sockets.push(socket);
  }
  await delay(values.quick ? 2000 : 5000);
  const after = process.memoryUsage.rss();
  for (const socket of sockets) socket.destroy();
  return Math.round((after - before) / 2 ** 20);
}

if (!existsSync(host)) throw new Error(`${host} does not exist; run npm run build first`);
try {
  const serverPort = Number(await start('-e', server));
  await start(host, 'sandbox', '--socket', socketPath, '--state', stateFolder, '--end-with-stdin');
  await call('POST', '/networks/create', { Name: 'bench', Internal: true });
  await runContainer('source', { Image: 'bench/source:1', ExposedPorts: { [`${port}/tcp`]: {} } });
  await runContainer('api_gateway', { Image: 'gatehouse/api-gateway:0.1.0', Cmd: [] });
  pointAt(serverPort);
  const opened = openForwardsOf({ kind: 'sandbox', socketPath, project });
  while ((opened.live.stack.observed.current?.containers.size ?? 0) < 2) await delay(20);
  const forward = await opened.forwards.open(opened.request('source', port), opened.by);
  const { localPort } = forward.snapshot();
  const rows: Awaited<ReturnType<typeof measure>>[] = [];
  for (const connections of [1, many]) {
    rows.push(await measure('direct', serverPort, connections), await measure('forward', localPort, connections));
  }
  const unreadMb = await measureUnread(localPort);
  await opened.close();
  const rate = (name: string, connections: number) =>
    rows.find((row) => row.name === name && row.connections === connections)?.megabytesPerSecond ?? 0;
  const ratio = (connections: number) =>
    Number((rate('forward', connections) / rate('direct', connections)).toFixed(3));
  const ratios = { 'forward/direct, 1 connection': ratio(1), [`forward/direct, ${many} connections`]: ratio(many) };
  const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? '', node: process.version };
  process.stdout.write(`${JSON.stringify({ bench: 'tunnel', machine, rows, ratios, unreadMb }, null, 2)}\n`);
  if (rate('forward', many) < Number(values.least)) process.exitCode = 1;
} finally {
  // The engine writes into its folder until it has ended.
  for (const child of children.filter(({ exitCode }) => exitCode === null).toReversed()) {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
}
