import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { attempt, docker, needEngine } from './engine.ts';

const folder = mkdtempSync(join(tmpdir(), 'images-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
chmodSync(folder, 0o755);
beforeEach(needEngine);

const started: string[] = [];
afterEach(async () => {
  const containers = started.splice(0);
  if (containers.length > 0) await docker('rm', '--force', '--volumes', ...containers);
}, 30_000);

const image = (name: string) => `gatehouse-local/${name}:trixie`;

async function start(name: string, options: string[], command: string[] = []): Promise<string> {
  const container = await docker('run', '--detach', ...options, image(name), ...command);
  started.push(container);
  return container;
}

/** Asks until the command succeeds; its output. */
async function eventually(container: string, ...argv: string[]): Promise<string> {
  let last = '';
  await expect
    .poll(
      async () => {
        const { code, output } = await attempt('exec', container, ...argv);
        last = output;
        return code === 0 ? 'fine' : output;
      },
      { timeout: 30_000, interval: 300 },
    )
    .toBe('fine');
  return last.trim();
}

/** What the engine names a container on its own network when nothing else is said. */
const toHostname = (container: string) => container.slice(0, 12);

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o644 });
  return path;
}

test('postgres: user, password file, database, PGDATA, init files and options', async () => {
  const container = await start(
    'postgres',
    [
      ...['-e', 'POSTGRES_USER=someone', '-e', 'POSTGRES_PASSWORD_FILE=/run/secrets/pw', '-e', 'POSTGRES_DB=things'],
      ...['-e', 'PGDATA=/var/lib/postgresql/data/here'],
      ...['-v', `${file('pw', "it's $ecret\n")}:/run/secrets/pw:ro`],
      ...[
        '-v',
        `${file('1.sql', 'create table made (n int); insert into made values (42);')}:/docker-entrypoint-initdb.d/1.sql:ro`,
      ],
      ...[
        '-v',
        `${file('2.sh', 'psql -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c "insert into made values (43)"')}:/docker-entrypoint-initdb.d/2.sh:ro`,
      ],
    ],
    ['-c', 'max_connections=33'],
  );
  // By its own address: over loopback no password is asked for, as in the official image.
  const psql = ['psql', '-h', toHostname(container), '-U', 'someone', '-d', 'things', '-Atc'];
  await eventually(container, 'pg_isready', '-h', '127.0.0.1', '-U', 'someone');
  const ask = (query: string) => eventually(container, 'env', "PGPASSWORD=it's $ecret", ...psql, query);
  expect(await ask('select sum(n) from made')).toBe('85');
  expect(await ask('show max_connections')).toBe('33');
  expect(await ask('show data_directory')).toBe('/var/lib/postgresql/data/here');
  expect((await attempt('exec', container, 'env', 'PGPASSWORD=wrong', ...psql, 'select 1')).output).toContain(
    'authentication failed',
  );
  expect(await eventually(container, 'stat', '-c', '%U', '/proc/1')).toBe('postgres');
}, 60_000);

test('postgres: the cluster stays what it is at the second start, and one without a password is refused', async () => {
  const container = await start('postgres', ['-e', 'POSTGRES_PASSWORD=first']);
  const psql = (query: string) =>
    eventually(
      container,
      'env',
      'PGPASSWORD=first',
      'psql',
      '-h',
      toHostname(container),
      '-U',
      'postgres',
      '-c',
      query,
    );
  await psql('create table kept ()');
  await docker('restart', '--time', '10', container);
  await psql('table kept');
  expect(await attempt('run', '--rm', image('postgres'))).toMatchObject({
    code: 1,
    output: expect.stringContaining('POSTGRES_PASSWORD'),
  });
}, 60_000);

test('redis: options alone, a file first, other programs; not as root; reached by other containers', async () => {
  const options = await start('redis', [], ['--maxmemory', '7mb']);
  expect(await eventually(options, 'redis-cli', 'config', 'get', 'maxmemory')).toContain(String(7 * 1024 ** 2));
  expect(await eventually(options, 'redis-cli', 'config', 'get', 'protected-mode')).toContain('no');
  expect(await eventually(options, 'stat', '-c', '%U', '/proc/1')).toBe('redis');
  const configured = await start(
    'redis',
    ['-v', `${file('redis.conf', 'requirepass pw\n')}:/etc/r.conf:ro`],
    ['/etc/r.conf'],
  );
  expect(await eventually(configured, 'redis-cli', '-a', 'pw', '--no-auth-warning', 'ping')).toBe('PONG');
  expect(await docker('run', '--rm', image('redis'), 'redis-cli', '--version')).toMatch(/^redis-cli 8\./);
}, 60_000);

test('rabbitmq: default user and password, management and Prometheus plugins, conf.d', async () => {
  const conf = file('20.conf', 'default_vhost = shop\n');
  const container = await start('rabbitmq', [
    ...['-e', 'RABBITMQ_DEFAULT_USER=someone', '-e', 'RABBITMQ_DEFAULT_PASS=pw'],
    ...['-v', `${conf}:/etc/rabbitmq/conf.d/20-more.conf:ro`],
  ]);
  // A command line that asks before the server has made its cookie makes one itself, as root, and the server then fails.
  await expect
    .poll(() => docker('logs', container), { timeout: 40_000, interval: 500 })
    .toContain('Server startup complete');
  expect(await eventually(container, 'rabbitmqctl', '-q', 'authenticate_user', 'someone', 'pw')).toContain('Success');
  expect(await eventually(container, 'rabbitmqctl', '-q', 'list_vhosts', '--no-table-headers')).toBe('shop');
  const plugins = await eventually(container, 'rabbitmq-plugins', '-q', 'list', '--enabled', '--minimal');
  expect(plugins).toContain('rabbitmq_management');
  expect(plugins).toContain('rabbitmq_prometheus');
}, 90_000);

test('nginx: the default page, conf.d, nginx.conf, and logs to the container’s output', async () => {
  const plain = await start('nginx', []);
  expect(await eventually(plain, 'curl', '-sf', 'http://localhost/')).toContain('nginx');
  const conf = file('default.conf', 'server { listen 80; location / { return 200 "mine\\n"; } }');
  const own = await start('nginx', ['-v', `${conf}:/etc/nginx/conf.d/default.conf:ro`]);
  expect(await eventually(own, 'curl', '-sf', 'http://localhost/x')).toBe('mine');
  expect(await docker('logs', own)).toContain('GET /x');
  const whole = file('nginx.conf', 'user nginx; events {} http { server { listen 80; return 204; } }');
  const checked = await attempt(
    'run',
    '--rm',
    '-v',
    `${whole}:/etc/nginx/nginx.conf:ro`,
    image('nginx'),
    'nginx',
    '-t',
  );
  expect(checked).toMatchObject({ code: 0, output: expect.stringContaining('test is successful') });
}, 60_000);

test('pgbouncer: what the environment says is in pgbouncer.ini, and a mounted one is left alone', async () => {
  const container = await start('pgbouncer', [
    ...[
      '-e',
      'DB_HOST=nowhere',
      '-e',
      'DB_NAME=shop',
      '-e',
      'DB_USER=me',
      '-e',
      'DB_PASSWORD=pw',
      '-e',
      'AUTH_TYPE=scram-sha-256',
    ],
    ...['-e', 'LISTEN_PORT=6432', '-e', 'POOL_MODE=transaction', '-e', 'ADMIN_USERS=me'],
  ]);
  const admin = ['env', 'PGPASSWORD=pw', 'psql', '-h', 'localhost', '-p', '6432', '-U', 'me', 'pgbouncer', '-Atc'];
  expect(await eventually(container, ...admin, 'show config')).toContain('pool_mode|transaction');
  expect(await eventually(container, ...admin, 'show databases')).toMatch(/^shop\|nowhere\|5432/m);
  const own = file(
    'pgbouncer.ini',
    '[databases]\n[pgbouncer]\nlisten_port = 7000\nlisten_addr = *\nunix_socket_dir =\n',
  );
  const mounted = await start('pgbouncer', ['-v', `${own}:/etc/pgbouncer/pgbouncer.ini:ro`]);
  await eventually(mounted, 'pg_isready', '-h', 'localhost', '-p', '7000');
}, 60_000);

test('prometheus: arguments of its own replace the default ones, and it is not root', async () => {
  const conf = file('prometheus.yml', 'global: { scrape_interval: 7s }\n');
  const container = await start(
    'prometheus',
    ['-v', `${conf}:/x.yml:ro`],
    ['--config.file=/x.yml', '--storage.tsdb.path=/prometheus'],
  );
  await eventually(container, 'wget', '-q', '--spider', 'http://localhost:9090/-/healthy');
  expect(await eventually(container, 'wget', '-qO-', 'http://localhost:9090/api/v1/status/config')).toContain(
    'scrape_interval: 7s',
  );
  expect(await docker('inspect', '--format', '{{.Config.User}}', container)).toBe('nobody');
}, 60_000);

test('exporters: addresses from the environment, and the official names of the programs', async () => {
  const postgres = await start('postgres-exporter', [
    '-e',
    'DATA_SOURCE_URI=nowhere:5432/x?sslmode=disable',
    '-e',
    'DATA_SOURCE_USER=x',
    '-e',
    'DATA_SOURCE_PASS=y',
  ]);
  expect(await eventually(postgres, 'wget', '-qO-', 'http://localhost:9187/metrics')).toContain('pg_up 0');
  const redis = await start('redis-exporter', ['-e', 'REDIS_ADDR=redis://nowhere:6379']);
  expect(await eventually(redis, 'wget', '-qO-', 'http://localhost:9121/metrics')).toContain('redis_up 0');
  const entry = (name: string) => docker('inspect', '--format', '{{json .Config.Entrypoint}}', image(name));
  expect(await entry('postgres-exporter')).toBe('["/bin/postgres_exporter"]');
  expect(await entry('redis-exporter')).toBe('["/redis_exporter"]');
  expect(await entry('nginx-exporter')).toBe('["/usr/bin/nginx-prometheus-exporter"]');
}, 60_000);

test('node: an option or a file is meant for node, a command is itself, and there is a user node', async () => {
  expect(await docker('run', '--rm', image('node'), '-p', 'process.version')).toMatch(/^v24\./);
  expect(await docker('run', '--rm', '--user', 'node', image('node'), 'id', '-u')).toBe('1000');
});

test.each([
  ['elasticsearch', 9200, '/_cluster/health'],
  ['grafana', 3000, '/api/health'],
  ['jaeger', 16686, '/api/services'],
  ['qdrant', 6333, '/collections'],
])(
  '%s is a stand-in that says so in its label, its log and every answer',
  async (name, port, path) => {
    expect(await docker('inspect', '--format', '{{index .Config.Labels "gatehouse.stand-in"}}', image(name))).toBe(
      name,
    );
    const container = await start(name, []);
    const get = (url: string) => eventually(container, 'curl', '-s', '-i', `http://localhost:${port}${url}`);
    const known = await get(path);
    expect(known).toContain('200 OK');
    expect(known).toContain(`x-gatehouse-stand-in: ${name}`);
    expect(known).toContain(`"standIn":"${name}"`);
    expect(await get('/what/else')).toContain('501 Not Implemented');
    expect(await docker('logs', container)).toContain('is gone at its end');
  },
  30_000,
);
