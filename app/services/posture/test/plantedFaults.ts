// Faults as they come into a stack in practice, each one small change of the platform's production files or of what runs.
import type { EdgeProbe, TlsProbe } from '../facts/facts.ts';

// biome-ignore lint/suspicious/noExplicitAny: a document of others, of which each fault changes what it knows to be there
type Tree = any;

export interface Fault {
  readonly what: string;
  /** What it touches; two faults of one place would hide each other. */
  readonly place: string;
  /** `rule subject` of everything that has to be found. */
  readonly failures: readonly string[];
  /** Of the compose document. */
  readonly compose?: (document: Tree) => void;
  /** Of the gateway's configuration. */
  readonly gateway?: (config: Tree) => void;
  /** Of a file of nginx: text and what takes its place. */
  readonly nginx?: readonly [file: string, from: string, to: string];
  /** What the probes see of an edge that has the fault. */
  readonly probe?: (probe: EdgeProbe) => Partial<EdgeProbe>;
  /** Network on which a container of somebody else is. */
  readonly stranger?: string;
}

type Failures = readonly string[];

const ofService = (name: string, what: string, changed: Change, ...rules: readonly string[]): Fault => ({
  what: `${name} ${what}`,
  place: name,
  failures: rules.map((rule) => `${rule} ${name}`),
  compose: ({ services }) => change(services[name], changed),
});

/** Keys that get another value, or none. */
type Change = Readonly<Record<string, unknown>> | ((service: Tree) => Readonly<Record<string, unknown>>);

function change(service: Tree, changed: Change): void {
  const entries = Object.entries(typeof changed === 'function' ? changed(service) : changed);
  for (const [key, value] of entries) {
    if (value === undefined) delete service[key];
    else service[key] = value;
  }
}

const withVariables =
  (variables: Record<string, string>): Change =>
  ({ environment }) => ({ environment: { ...environment, ...variables } });
const mounting =
  (volume: string): Change =>
  ({ volumes = [] }) => ({ volumes: [...volumes, volume] });
const toWritableKey: Change = ({ volumes }) => ({
  volumes: volumes.map((one: string) => one.replace('server.key:ro', 'server.key')),
});
const toLatest: Change = ({ image }) => ({ image: image.replace(/:[^:]*$/, ':latest') });

/** Who is on which network is one place: a service that moves changes what the others reach. */
const ofNetworks = (what: string, change: (document: Tree) => void, ...failures: Failures): Fault => ({
  what,
  place: 'networks',
  failures,
  compose: change,
});

const ofGateway = (what: string, change: (config: Tree) => void, ...failures: Failures): Fault => ({
  what,
  place: `gateway: ${failures}`,
  failures,
  gateway: change,
});

const routeOf = ({ routes }: Tree, wanted: string): Tree => routes.find(({ id }: { id: string }) => id === wanted);

const inCompose: readonly Fault[] = [
  ofService('postgres', 'is published', { ports: ['5432:5432'] }, 'exposure.edge-only'),
  ofService('api_gateway', 'is published past the edge', { ports: ['0.0.0.0:8080:8080'] }, 'exposure.edge-only'),
  ofService('grafana', 'is published on loopback', { ports: ['127.0.0.1:3000:3000'] }, 'exposure.loopback'),
  ofService('nginx', 'publishes its status', { ports: ['80:80', '443:443', '8081:8081'] }, 'exposure.edge-ports'),
  ofService('nginx', 'takes plain HTTP alone', { ports: ['80:80'] }, 'tls.published'),
  ofService('nginx', 'may write its key', toWritableKey, 'secrets.writable-key'),
  ofService(
    'prometheus',
    'has the engine’s socket',
    mounting('/var/run/docker.sock:/d.sock:ro'),
    'exposure.docker-socket',
  ),
  ofService('elasticsearch', 'is privileged', { privileged: true }, 'isolation.privileged'),
  ofService(
    'grafana',
    'has its default password',
    withVariables({ GF_SECURITY_ADMIN_PASSWORD__FILE: '' }),
    'secrets.default-password',
  ),
  ofService(
    'rabbitmq',
    'has a common password',
    withVariables({ RABBITMQ_DEFAULT_PASS: 'guest' }),
    'secrets.default-password',
    'secrets.environment',
  ),
  ofService('redis', 'asks for no password', { command: ['redis-server'], secrets: [] }, 'secrets.open-store'),
  ofService(
    'chatbot',
    'has a key in its environment',
    withVariables({ OPENAI_API_KEY: 'kX9vQ2mW7pLr' }),
    'secrets.environment',
  ),
  ofService(
    'pricing',
    'has a password as an argument',
    { command: ['pricing', '--db-password', 'kX9vQ2mW7pLr'] },
    'secrets.arguments',
  ),
  ofService(
    'api_gateway',
    'shares its admin socket',
    { tmpfs: ['/tmp'], volumes: ['./gateway.yaml:/etc/gatehouse/gateway.yaml:ro', './secrets:/run/gatehouse'] },
    'gateway.admin-socket',
  ),
  ofService('celery_beat', 'sees the host’s processes', { pid: 'host' }, 'isolation.host-namespaces'),
  ofService('search', 'may change the network', { cap_add: ['NET_ADMIN'] }, 'isolation.capabilities-added'),
  ofService('fraud', 'keeps capabilities', { cap_drop: ['MKNOD'] }, 'isolation.capabilities-dropped'),
  ofService(
    'vision',
    'has no filter of system calls',
    { security_opt: ['no-new-privileges:true', 'seccomp:unconfined'] },
    'isolation.seccomp',
  ),
  ofService('pgbouncer', 'lets setuid work', { security_opt: undefined }, 'isolation.new-privileges'),
  ofService('jaeger', 'has a folder of the host', mounting('/etc:/host/etc:ro'), 'isolation.host-folders'),
  ofService('postgres_ai', 'has a device of the host', { devices: ['/dev/null'] }, 'isolation.devices'),
  ofService('redis', 'is made to run as root', { user: 'root' }, 'isolation.said-root'),
  ofService('recommender', 'runs as root', { user: '0:0' }, 'isolation.root-user'),
  ofService('forecasting', 'can write its root', { read_only: false }, 'isolation.read-only'),
  ofService('qdrant', 'is whatever is newest', toLatest, 'image.version'),
  ofService('celery_worker', 'stays down', { restart: 'on-failure' }, 'runtime.restart'),
  ofService('pgbouncer', 'is probed no more', { healthcheck: { disable: true } }, 'runtime.health'),
  ofService('nginx_exporter', 'has no health check', { healthcheck: undefined }, 'runtime.health'),
  ofService('stores_exporter', 'has no limits', { deploy: undefined }, 'runtime.limits'),
  ofService('redis_exporter', 'logs without bound', { logging: undefined }, 'runtime.log-size'),
  ofService('backend', 'logs everything', withVariables({ LOG_LEVEL: 'DEBUG' }), 'runtime.log-level'),
  ofService('fraud', 'can be asked for faults', withVariables({ GATEHOUSE_FAULTS: '1' }), 'runtime.debug'),
  ofService('stores_ai_exporter', 'runs in debug mode', withVariables({ DEBUG: 'true' }), 'runtime.debug'),
  ofService('celery_worker', 'has few workers', withVariables({ WORKERS: '2' }), 'runtime.workers'),
  ofNetworks(
    'the backend network has a way out',
    ({ networks }) => Object.assign(networks.backend_network, { internal: false }),
    'network.internal backend_network',
  ),
  ofNetworks(
    'the edge is on the backend network',
    ({ services }) => services.nginx.networks.push('backend_network'),
    'reach.edge nginx',
  ),
  ofNetworks(
    'a service is on the other network',
    ({ services }) => Object.assign(services.recommender.networks, { backend_network: null }),
    'reach.foreign-store recommender',
  ),
  ofNetworks(
    'redis is on the network of monitoring',
    ({ services }) => services.redis.networks.push('monitoring_network'),
    'reach.monitored-store redis',
  ),
  ofNetworks(
    'a service is in the network of the host',
    ({ services }) => change(services.jaeger, { networks: undefined, network_mode: 'host' }),
    'isolation.host-network jaeger',
  ),
];

const inGateway: readonly Fault[] = [
  ofGateway(
    'the gateway believes everybody',
    ({ trustedProxies }) => trustedProxies.push('0.0.0.0/0'),
    'gateway.trusted-proxies gateway',
  ),
  ofGateway(
    'bodies of 2 GiB are taken',
    (config) => {
      routeOf(config, 'cart').bodyLimitBytes = 2 ** 31;
    },
    'gateway.sizes cart',
  ),
  ofGateway(
    'orders ask for no token',
    (config) => {
      delete routeOf(config, 'orders').auth;
    },
    'gateway.authentication orders',
  ),
  ofGateway(
    'any customer may administer',
    (config) => {
      delete routeOf(config, 'admin').auth.scopes;
    },
    'gateway.scopes admin',
  ),
  ofGateway(
    'tokens for others count',
    ({ auth }) => {
      delete auth.providers.shop.audiences;
    },
    'gateway.tokens provider shop',
  ),
  ofGateway(
    'a route limits nobody',
    (config) => {
      routeOf(config, 'ai-vision').limits = [];
    },
    'gateway.limits ai-vision',
  ),
  ofGateway(
    'a route counts addresses alone',
    (config) => {
      routeOf(config, 'ai-fraud').limits = ['per-ip'];
    },
    'gateway.user-limits ai-fraud',
  ),
  ofGateway(
    'signing in is as fast as all else',
    (config) => {
      routeOf(config, 'auth').limits = ['per-ip'];
    },
    'gateway.sign-in-limits auth',
  ),
];

/** Versions and suites go together: one fault of them at a time. */
const CIPHERS = 'ssl_ciphers HIGH:!aNULL:!MD5;';

const withTls =
  (change: Partial<TlsProbe>) =>
  ({ tls }: EdgeProbe): Partial<EdgeProbe> => ({ tls: tls && { ...tls, ...change } });

const withoutHeader =
  (name: string) =>
  ({ answer }: EdgeProbe): Partial<EdgeProbe> => {
    if (answer?.state !== 'answered') return {};
    const { [name]: _, ...headers } = answer.headers;
    return { answer: { ...answer, headers } };
  };

const ofNginx = (
  what: string,
  nginx: Fault['nginx'] & {},
  probe: Fault['probe'] & {},
  ...failures: Failures
): Fault => ({
  what,
  place: `nginx: ${nginx[1].includes(CIPHERS) ? CIPHERS : nginx[1]}`,
  failures,
  nginx,
  probe,
});

const versions = { TLSv1: 'offered', 'TLSv1.1': 'offered', 'TLSv1.2': 'offered', 'TLSv1.3': 'offered' } as const;

export const inNginx: readonly Fault[] = [
  ofNginx(
    'TLS 1.0 is offered',
    [
      'production.conf',
      `ssl_protocols TLSv1.2 TLSv1.3;\n  ${CIPHERS}`,
      `ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;\n  ssl_ciphers HIGH:!aNULL:!MD5:@SECLEVEL=0;`,
    ],
    withTls({ versions }),
    'tls.versions edge',
  ),
  ofNginx(
    'a suite without encryption is taken',
    ['production.conf', CIPHERS, 'ssl_ciphers HIGH:!aNULL:!MD5:ECDHE-ECDSA-NULL-SHA:ECDHE-RSA-NULL-SHA:@SECLEVEL=0;'],
    withTls({ weakCiphers: ['ECDHE-RSA-NULL-SHA'] }),
    'tls.ciphers edge',
  ),
  ofNginx(
    'the client chooses the suite',
    ['production.conf', 'ssl_prefer_server_ciphers on;', 'ssl_prefer_server_ciphers off;'],
    withTls({ order: 'client' }),
    'tls.preference edge',
  ),
  ofNginx(
    'plain HTTP is served',
    ['production.conf', 'return 301 https://$host$request_uri;', 'return 200 "shop\\n";'],
    () => ({ redirect: { state: 'answered', status: 200, headers: {} } }),
    'edge.redirect edge',
  ),
  ofNginx(
    'a security header is missing',
    ['routes.conf', 'add_header X-Content-Type-Options "nosniff" always;', ''],
    withoutHeader('x-content-type-options'),
    'edge.headers edge',
  ),
  ofNginx(
    'old browsers are not told',
    ['routes.conf', 'add_header X-XSS-Protection "1; mode=block" always;', ''],
    withoutHeader('x-xss-protection'),
    'edge.xss-header edge',
  ),
  ofNginx(
    'the version is told',
    ['nginx.conf', 'server_tokens off;', 'server_tokens on;'],
    ({ answer }) =>
      answer?.state === 'answered'
        ? { answer: { ...answer, headers: { ...answer.headers, server: 'nginx/1.28.0' } } }
        : {},
    'edge.version edge',
  ),
  ofNginx(
    'connections have no limit',
    ['routes.conf', 'limit_conn conn_limit 50;', ''],
    () => ({}),
    'edge.limits edge',
  ),
  ofNginx(
    'a burst passes',
    [
      'routes.conf',
      'limit_req zone=api_limit burst=20 nodelay;',
      'limit_req zone=auth_limit burst=9000 nodelay;\n  limit_req zone=api_limit burst=9000 nodelay;',
    ],
    ({ limits }) => ({ limits: limits && { ...limits, answered: limits.sent, limited: 0 } }),
    'edge.rate-limit edge',
  ),
];

const whileRunning: readonly Fault[] = [
  {
    what: 'a container of somebody else is on the backend network',
    place: 'networks',
    failures: ['network.strangers backend_network'],
    stranger: 'backend_network',
  },
  {
    what: 'the certificate runs out',
    place: 'certificate',
    failures: ['tls.certificate edge'],
    probe: ({ at, tls }) => ({
      tls: tls && { ...tls, certificate: tls.certificate && { ...tls.certificate, validTo: at + 86_400_000 } },
    }),
  },
];

export const faults: readonly Fault[] = [...inCompose, ...inGateway, ...inNginx, ...whileRunning];
