// Each rule on a stack that is closed, and on one in which that one thing is open: found, and nothing else is.
import { describe, expect, test } from 'vitest';
import { evaluate } from '../evaluate.ts';
import type { PostureFacts } from '../facts/facts.ts';
import {
  closedProbe,
  closedStack,
  now,
  published,
  withConfig,
  withEdgeLimits,
  withHeaders,
  withNetwork,
  withPart,
  withProbe,
  withRoute,
  withTls,
  withVariable,
} from '../test/closedStack.ts';
import { rules } from './rules.ts';

const failing = (facts: PostureFacts) =>
  evaluate(facts)
    .rules.filter(({ status }) => status === 'fail')
    .flatMap(({ id, evidence }) =>
      evidence
        .filter(({ status }) => status === 'fail')
        .flatMap(({ subjects }) => subjects.map((subject) => `${id} ${subject}`)),
    )
    .sort();

const day = 86_400_000;
const mount = (source: string) => ({ mounts: [{ type: 'bind', source, target: '/x', isReadOnly: true }] });
const certificate = (change: object) => ({
  certificate: closedProbe.tls?.certificate ? { ...closedProbe.tls.certificate, ...change } : null,
});

/** What is opened → rule and subject of each failure. Several where one cause opens several doors. */
const opened: readonly (readonly [what: string, facts: PostureFacts, ...failures: string[]])[] = [
  ['a store is published', withPart('postgres', { ports: [published(5432)] }), 'exposure.edge-only postgres'],
  [
    'a store is published on IPv6',
    withPart('postgres', { ports: [published(5432, '::')] }),
    'exposure.edge-only postgres',
  ],
  [
    'a store is published on loopback',
    withPart('postgres', { ports: [published(5432, '127.0.0.1')] }),
    'exposure.loopback postgres',
  ],
  [
    'the edge publishes its status too',
    withPart('nginx', ({ ports }) => ({ ports: [...ports, published(8081)] })),
    'exposure.edge-ports nginx',
  ],
  ['the edge takes plain HTTP alone', withPart('nginx', { ports: [published(80)] }), 'tls.published nginx'],
  [
    'development is published to the whole network',
    { ...withPart('orders', { ports: [published(8000)] }), mode: 'dev' },
    'exposure.development nginx',
    'exposure.development orders',
  ],
  [
    'the engine’s socket is mounted',
    withPart('orders', mount('/var/run/docker.sock')),
    'exposure.docker-socket orders',
  ],
  ['a container is privileged', withPart('orders', { isPrivileged: true }), 'isolation.privileged orders'],
  [
    'a container is in the host’s network',
    withPart('orders', { networkMode: 'host' }),
    'isolation.host-network orders',
  ],
  [
    'a container sees the host’s processes',
    withPart('orders', { sharedNamespaces: ['pid'] }),
    'isolation.host-namespaces orders',
  ],
  [
    'a container may administer the host',
    withPart('orders', { capAdd: ['CAP_SYS_ADMIN'] }),
    'isolation.capabilities-added orders',
  ],
  [
    'a filter is off',
    withPart('orders', ({ securityOptions }) => ({ securityOptions: [...securityOptions, 'seccomp=unconfined'] })),
    'isolation.seccomp orders',
  ],
  ['a folder of the host is mounted', withPart('orders', mount('/etc')), 'isolation.host-folders orders'],
  ['a device is given', withPart('orders', { devices: ['/dev/kvm'] }), 'isolation.devices orders'],
  ['setuid works', withPart('orders', { securityOptions: [] }), 'isolation.new-privileges orders'],
  ['capabilities are kept', withPart('orders', { capDrop: ['NET_RAW'] }), 'isolation.capabilities-dropped orders'],
  ['the root can be written', withPart('orders', { isReadOnly: false }), 'isolation.read-only orders'],
  [
    'the image starts as root',
    withPart('orders', { imageFact: { user: '', hasHealthCheck: false, createdAt: now } }),
    'isolation.root-user orders',
  ],
  ['root is forced', withPart('postgres', { user: '0:0' }), 'isolation.said-root postgres'],
  ['a network has a way out', withNetwork('data', { isInternal: false }), 'network.internal data'],
  ['a stranger is on a network', withNetwork('data', { strangers: ['adminer-1'] }), 'network.strangers data'],
  [
    'the edge is on the applications’ network',
    withPart('nginx', { networks: ['shop_front', 'shop_vectors'] }),
    'reach.edge nginx',
  ],
  [
    'a service is on a network of others',
    withPart('finder', { networks: ['shop_vectors', 'shop_back', 'shop_watch'] }),
    'reach.foreign-store finder',
  ],
  [
    'a store is on the network of monitoring',
    withPart('rabbitmq', { networks: ['shop_back', 'shop_watch'] }),
    'reach.monitored-store rabbitmq',
  ],
  [
    'an application can go past the pooler',
    withPart('postgres', { networks: ['shop_data', 'shop_back'] }),
    'reach.pooler-bypass orders',
  ],
  [
    'the gateway does not sign',
    withPart('api', ({ environment }) => ({
      environment: environment.filter(({ name }) => name !== 'GATEHOUSE_IDENTITY_KEY_FILE'),
    })),
    'gateway.identity gateway',
    'reach.past-gateway finder',
    'reach.past-gateway orders',
  ],
  [
    'a password is a common one',
    withVariable('grafana', 'GF_SECURITY_ADMIN_PASSWORD', 'admin'),
    'secrets.default-password grafana',
    'secrets.environment grafana',
  ],
  ['a queue keeps its guest', withPart('rabbitmq', { secrets: [] }), 'secrets.default-password rabbitmq'],
  [
    'a secret is in the environment',
    withVariable('orders', 'PAYMENT_API_KEY', 'kX9vQ2mW7pLr'),
    'secrets.environment orders',
  ],
  [
    'a token is in the environment by its form',
    withVariable('orders', 'UPSTREAM', `ghp_${'a1B2'.repeat(9)}`),
    'secrets.environment orders',
  ],
  [
    'a password is in a URL',
    withVariable('orders', 'CACHE', 'redis://:hunter2hunter2@cache:6379'),
    'secrets.environment orders',
  ],
  [
    'a secret is an argument',
    withPart('orders', { command: ['serve', '--db-password', 'kX9vQ2mW7pLr'] }),
    'secrets.arguments orders',
  ],
  ['a store lets everybody in', withPart('qdrant', { mounts: [] }), 'secrets.open-store qdrant'],
  [
    'a key can be written',
    withPart('nginx', ({ mounts }) => ({ mounts: mounts.map((one) => ({ ...one, isReadOnly: false })) })),
    'secrets.writable-key nginx',
  ],
  ['a route takes writes from everybody', withRoute('orders', { auth: null }), 'gateway.authentication orders'],
  [
    'a route does not insist',
    withRoute('orders', { auth: { isRequired: false, anonymous: [], isNarrowed: false } }),
    'gateway.authentication orders',
  ],
  [
    'a route lets all POST in',
    withRoute('orders', { auth: { isRequired: true, anonymous: ['POST'], isNarrowed: false } }),
    'gateway.authentication orders',
  ],
  [
    'tokens of others count',
    withConfig(({ providers }) => ({ providers: providers.map((one) => ({ ...one, audiences: null })) })),
    'gateway.tokens provider shop',
  ],
  ['a route has no limit', withRoute('finder', { limits: [] }), 'gateway.limits finder', 'gateway.user-limits finder'],
  ['a route counts users alone', withRoute('finder', { limits: ['per-user'] }), 'gateway.limits finder'],
  ['a route counts addresses alone', withRoute('finder', { limits: ['per-ip'] }), 'gateway.user-limits finder'],
  [
    'any customer may administer',
    withRoute('admin', { auth: { isRequired: true, anonymous: [], isNarrowed: false } }),
    'gateway.scopes admin',
  ],
  ['signing in is as fast as all else', withRoute('auth', { limits: ['per-ip'] }), 'gateway.sign-in-limits auth'],
  ['a route has no breaker', withRoute('orders', { hasBreaker: false }), 'gateway.breakers orders'],
  ['bodies have no bound', withRoute('orders', { bodyLimitBytes: 2 ** 31 }), 'gateway.sizes orders'],
  ['bodies are not checked', withRoute('orders', { isValidated: false }), 'gateway.schemas orders'],
  ['everybody is believed', withConfig(() => ({ trustedProxies: ['0.0.0.0/0'] })), 'gateway.trusted-proxies gateway'],
  [
    'the admin socket is shared',
    withPart('api', {
      mounts: [{ type: 'bind', source: '/srv/gatehouse', target: '/run/gatehouse', isReadOnly: false }],
    }),
    'gateway.admin-socket api',
  ],
  [
    'TLS 1.0 is offered',
    withTls({ versions: { TLSv1: 'offered', 'TLSv1.1': 'refused', 'TLSv1.2': 'offered', 'TLSv1.3': 'offered' } }),
    'tls.versions edge',
  ],
  ['a weak suite is taken', withTls({ weakCiphers: ['AECDH-AES128-SHA'] }), 'tls.ciphers edge'],
  ['the client chooses the suite', withTls({ order: 'client' }), 'tls.preference edge'],
  ['the certificate runs out', withTls(certificate({ validTo: now + 3 * day })), 'tls.certificate edge'],
  ['the certificate ran out', withTls(certificate({ validTo: now - day })), 'tls.certificate edge'],
  [
    'plain HTTP is served',
    withProbe({ redirect: { state: 'answered', status: 200, headers: {} } }),
    'edge.redirect edge',
  ],
  [
    'HTTP is sent to HTTP',
    withProbe({ redirect: { state: 'answered', status: 301, headers: { location: 'http://x/' } } }),
    'edge.redirect edge',
  ],
  ['HSTS is short', withHeaders({ 'strict-transport-security': 'max-age=60; includeSubDomains' }), 'edge.headers edge'],
  ['sniffing is allowed', withHeaders({ 'x-content-type-options': '' }), 'edge.headers edge'],
  ['an old browser is not told', withHeaders({ 'x-xss-protection': '' }), 'edge.xss-header edge'],
  ['the version is told', withHeaders({ server: 'nginx/1.28.0' }), 'edge.version edge'],
  [
    'a burst passes',
    withProbe({ limits: { at: now, target: 'x', sent: 80, answered: 80, limited: 0, tookMs: 900 } }),
    'edge.rate-limit edge',
  ],
  ['signing in has no zone of its own', withEdgeLimits({ requests: ['api_limit'] }), 'edge.limits edge'],
  ['connections have no limit', withEdgeLimits({ connections: [] }), 'edge.limits edge'],
  ['debug is on', withVariable('orders', 'DEBUG', 'true'), 'runtime.debug orders'],
  ['faults can be asked for', withVariable('orders', 'GATEHOUSE_FAULTS', '1'), 'runtime.debug orders'],
  ['a server reloads', withPart('orders', { command: ['uvicorn', 'app', '--reload'] }), 'runtime.debug orders'],
  ['memory has no limit', withPart('orders', { memoryBytes: null }), 'runtime.limits orders'],
  ['nothing probes', withPart('orders', { health: 'absent' }), 'runtime.health orders'],
  ['a probe is switched off', withPart('orders', { health: 'disabled' }), 'runtime.health orders'],
  ['it stays down', withPart('orders', { restart: 'unless-stopped' }), 'runtime.restart orders'],
  ['it logs everything', withVariable('api', 'LOG_LEVEL', 'DEBUG'), 'runtime.log-level api'],
  ['its log has no bound', withPart('orders', { logOptions: {} }), 'runtime.log-size orders'],
  ['it has few workers', withVariable('orders', 'WEB_CONCURRENCY', '2'), 'runtime.workers orders'],
  ['an image is the newest', withPart('orders', { image: 'registry:5000/orders' }), 'image.version orders'],
  ['an image is called latest', withPart('orders', { image: 'orders:latest' }), 'image.version orders'],
  [
    'the tag of an image moves',
    withPart('postgres', { image: 'postgres:17' }),
    'image.digest postgres',
    'image.version postgres',
  ],
  ['an image has no digest', withPart('postgres', { image: 'postgres:17.6' }), 'image.digest postgres'],
  [
    'an image is old',
    withPart('orders', { imageFact: { user: 'node', hasHealthCheck: false, createdAt: now - 400 * day } }),
    'image.age orders',
  ],
];

test('in the closed stack every rule of production holds, and none is unknown', () => {
  const { rules: judged, verdict } = evaluate(closedStack);
  const others = judged
    .filter(({ status }) => status !== 'pass')
    .map(({ id, status, evidence }) => ({ id, status, evidence }));
  expect(others).toEqual([{ id: 'exposure.development', status: 'notApplicable', evidence: expect.anything() }]);
  expect(verdict).toMatchObject({ level: 'ok', headline: 'Production is closed' });
});

describe('what is open is found, and nothing else is:', () => {
  test.each(opened)('%s', (_what, facts, ...failures) => {
    expect(failing(facts as PostureFacts)).toEqual([...failures].sort());
  });
});

test('every rule has a stack that fails it', () => {
  const failed = new Set(opened.flatMap(([, , ...failures]) => failures.map((failure) => failure.split(' ')[0])));
  expect(rules.map(({ id }) => id).filter((id) => !failed.has(id))).toEqual([]);
});

test('every rule names its id once, a remedy to write or run, and its source', () => {
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  for (const { id, remedy, source } of rules) {
    expect(id).toMatch(/^[a-z]+\.[a-z-]+$/);
    expect(remedy.length).toBeGreaterThan(15);
    expect(source).toMatch(/PLATFORM\.md|CIS Docker Benchmark|OWASP|RFC/);
  }
});

/** What the security model says, point by point, and which rules ask whether it is so. */
const points: readonly (readonly [said: string, ...ids: string[]])[] = [
  [
    '1: no service trusts any other',
    'gateway.identity',
    'reach.past-gateway',
    'secrets.open-store',
    'secrets.default-password',
  ],
  ['1: backend and AI networks are internal', 'network.internal', 'network.strangers', 'reach.foreign-store'],
  ['1: one entry', 'exposure.edge-only', 'isolation.host-network'],
  ['1: no direct access', 'reach.edge', 'exposure.loopback'],
  ['2: development publishes on localhost', 'exposure.development'],
  ['2: production publishes nginx alone, on 80 and 443', 'exposure.edge-only', 'exposure.edge-ports'],
  ['3: tokens are validated', 'gateway.authentication', 'gateway.tokens'],
  ['3: their expiry is checked', 'gateway.tokens'],
  ['3: scopes are verified', 'gateway.scopes'],
  ['3: limits by address', 'gateway.limits', 'gateway.trusted-proxies'],
  ['3: limits by user', 'gateway.user-limits'],
  ['3: other limits for other endpoints', 'gateway.sign-in-limits'],
  ['3: failures do not cascade', 'gateway.breakers'],
  ['3: health is detected', 'runtime.health', 'gateway.breakers'],
  ['3: degradation is graceful', 'gateway.breakers', 'gateway.sizes'],
  ['3: input is sanitized and validated', 'gateway.schemas'],
  ['3: sizes are bounded', 'gateway.sizes'],
  ['4: versions of TLS', 'tls.versions'],
  ['4: suites', 'tls.ciphers'],
  ['4: the order of the server', 'tls.preference'],
  ['4: HSTS, framing, sniffing', 'edge.headers'],
  ['4: X-XSS-Protection', 'edge.xss-header'],
  ['4: zones of requests, sign-ins and connections', 'edge.limits', 'edge.rate-limit'],
  ['networks: Prometheus reaches metrics, not stores', 'reach.monitored-store'],
  ['networks: applications reach Postgres by PgBouncer', 'reach.pooler-bypass'],
  ['health: everything has a check', 'runtime.health'],
  ['table: exposed ports', 'exposure.edge-only', 'exposure.development'],
  ['table: networks', 'network.internal'],
  ['table: SSL', 'tls.published', 'tls.certificate', 'edge.redirect'],
  ['table: logging', 'runtime.log-level'],
  ['table: resource limits', 'runtime.limits'],
  ['table: restart policy', 'runtime.restart'],
  ['table: workers', 'runtime.workers'],
  ['table: debug mode', 'runtime.debug'],
];

test('every point of the security model and of its table has a rule', () => {
  const known = new Set(rules.map(({ id }) => id));
  const without = points.filter(([, ...ids]) => ids.length === 0 || ids.some((id) => !known.has(id)));
  expect(without).toEqual([]);
});
