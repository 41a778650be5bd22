// A small stack in production in which every rule holds: tests open one thing of it at a time.
import type { EdgeLimits, EdgeProbe, GatewayView, NetworkFact, Part, PostureFacts, RouteView } from '../facts/facts.ts';

export const now = Date.UTC(2026, 10, 28, 12);
const day = 86_400_000;

export function toPart(service: string, given: Partial<Part> = {}): Part {
  return {
    service,
    kind: 'app',
    isOwn: given.kind === undefined || given.kind === 'app' || given.kind === 'gateway',
    isJob: false,
    where: 'inspection of the container',
    image: `registry/${service}:1.2.3@sha256:abc`,
    imageFact: { user: 'node', hasHealthCheck: false, createdAt: now - 10 * day },
    networks: [],
    networkMode: 'bridge',
    ports: [],
    environment: [],
    command: ['serve'],
    user: null,
    capAdd: [],
    capDrop: ['ALL'],
    securityOptions: ['no-new-privileges:true'],
    isPrivileged: false,
    isReadOnly: true,
    sharedNamespaces: [],
    devices: [],
    mounts: [],
    secrets: [],
    restart: 'always',
    cpus: 0.5,
    memoryBytes: 2 ** 28,
    health: 'present',
    logDriver: 'json-file',
    logOptions: { 'max-size': '10m' },
    dependsOn: [],
    ...given,
  };
}

export const published = (hostPort: number, hostIp = '0.0.0.0', containerPort = hostPort) => ({
  hostIp,
  hostPorts: [hostPort, hostPort] as const,
  containerPort,
  protocol: 'tcp',
});

const identity = { name: 'GATEHOUSE_IDENTITY_FILE', value: '/keys/public.pem' };

const parts: readonly Part[] = [
  toPart('nginx', {
    kind: 'edge',
    networks: ['shop_front'],
    ports: [published(80), published(443)],
    mounts: [{ type: 'bind', source: '/srv/shop/server.key', target: '/etc/nginx/server.key', isReadOnly: true }],
  }),
  toPart('api', {
    kind: 'gateway',
    image: 'gatehouse/api-gateway:0.1.0',
    networks: ['shop_front', 'shop_back', 'shop_vectors', 'shop_watch'],
    environment: [
      { name: 'GATEHOUSE_ADMIN_SOCKET', value: '/run/gatehouse/admin.sock' },
      { name: 'GATEHOUSE_IDENTITY_KEY_FILE', value: '/keys/private.pem' },
      { name: 'LOG_LEVEL', value: 'WARNING' },
    ],
  }),
  toPart('orders', {
    networks: ['shop_back', 'shop_watch'],
    environment: [identity, { name: 'DB_HOST', value: 'pgbouncer:6432' }, { name: 'WEB_CONCURRENCY', value: '8' }],
    dependsOn: ['postgres', 'redis'],
  }),
  toPart('finder', { networks: ['shop_vectors', 'shop_watch'], environment: [identity], dependsOn: ['qdrant'] }),
  toPart('postgres', {
    kind: 'store',
    image: 'postgres:17.6@sha256:abc',
    networks: ['shop_data'],
    environment: [
      { name: 'POSTGRES_USER', value: 'shop' },
      { name: 'POSTGRES_PASSWORD_FILE', value: '/run/secrets/db' },
    ],
    secrets: ['db'],
  }),
  toPart('pgbouncer', {
    kind: 'store',
    image: 'edoburu/pgbouncer:v1.24.1@sha256:abc',
    networks: ['shop_back', 'shop_data'],
    environment: [{ name: 'DB_HOST', value: 'postgres' }],
    secrets: ['db'],
  }),
  toPart('qdrant', {
    kind: 'store',
    image: 'qdrant/qdrant:v1.15.4@sha256:abc',
    networks: ['shop_vectors'],
    mounts: [
      { type: 'bind', source: '/srv/shop/qdrant.yaml', target: '/etc/qdrant/production.yaml', isReadOnly: true },
    ],
  }),
  toPart('rabbitmq', {
    kind: 'queue',
    image: 'rabbitmq:4.1.3@sha256:abc',
    networks: ['shop_back'],
    secrets: ['rabbitmq.conf'],
  }),
  toPart('grafana', {
    kind: 'dashboard',
    image: 'grafana/grafana:12.1.1@sha256:abc',
    networks: ['shop_watch'],
    environment: [{ name: 'GF_SECURITY_ADMIN_PASSWORD__FILE', value: '/run/secrets/grafana' }],
  }),
];

const toNetwork = (label: string, isInternal: boolean): NetworkFact => ({
  name: `shop_${label}`,
  label,
  isInternal,
  strangers: [],
  where: 'inspection of the network',
});

export const toRoute = (id: string, given: Partial<RouteView> = {}): RouteView => ({
  id,
  paths: [`/${id}`],
  methods: null,
  upstreamHosts: [id],
  auth: { isRequired: true, anonymous: [], isNarrowed: false },
  limits: ['per-ip', 'per-user'],
  bodyLimitBytes: 10 * 2 ** 20,
  totalMs: 60_000,
  isValidated: true,
  hasBreaker: true,
  ...given,
});

const config: GatewayView = {
  revision: 'a1b2c3d4',
  routes: [
    toRoute('orders'),
    toRoute('finder', { methods: ['GET'] }),
    toRoute('admin', { upstreamHosts: ['orders'], auth: { isRequired: true, anonymous: [], isNarrowed: true } }),
    toRoute('auth', { upstreamHosts: ['orders'], auth: null, limits: ['sign-in'] }),
  ],
  providers: [
    {
      name: 'shop',
      algorithms: ['EdDSA'],
      issuer: 'shop',
      audiences: ['shop'],
      clockSkewSeconds: 30,
      keysFrom: 'jwksUrl',
    },
  ],
  isSigning: false,
  trustedProxies: ['172.16.0.0/12'],
  policies: [
    { name: 'per-ip', by: ['ip'], perSecond: 300 },
    { name: 'per-user', by: ['user', 'route'], perSecond: 50 },
    { name: 'sign-in', by: ['ip', 'route'], perSecond: 5 },
  ],
};

export const closedProbe: EdgeProbe = {
  at: now,
  https: '127.0.0.1:443',
  http: '127.0.0.1:80',
  tls: {
    versions: { TLSv1: 'refused', 'TLSv1.1': 'refused', 'TLSv1.2': 'offered', 'TLSv1.3': 'offered' },
    weakCiphers: [],
    cipher: 'TLS_AES_256_GCM_SHA384',
    order: 'edge',
    certificate: {
      names: ['shop.example'],
      issuer: 'Some CA',
      validFrom: now - day,
      validTo: now + 60 * day,
      isSelfSigned: false,
      keyBits: 2048,
    },
    failure: null,
  },
  redirect: { state: 'answered', status: 301, headers: { location: 'https://shop.example/' } },
  answer: {
    state: 'answered',
    status: 404,
    headers: {
      server: 'nginx',
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'x-frame-options': 'SAMEORIGIN',
      'x-content-type-options': 'nosniff',
      'x-xss-protection': '1; mode=block',
    },
  },
  limits: { at: now, target: '127.0.0.1:443', sent: 40, answered: 40, limited: 1, tookMs: 120 },
};

export const closedStack: PostureFacts = {
  project: 'shop',
  mode: 'prod',
  basis: 'engine',
  from: 'this machine',
  engine: { isSandbox: false },
  parts,
  networks: [toNetwork('front', false), ...['back', 'data', 'vectors', 'watch'].map((label) => toNetwork(label, true))],
  gateway: { state: 'known', where: 'gateway, configuration a1b2c3d4', config },
  edge: { state: 'probed', probe: closedProbe },
  edgeFile: {
    state: 'known',
    where: 'nginx.conf',
    limits: { requests: ['api_limit', 'auth_limit'], connections: ['conn_limit'] },
  },
  observed: [],
  now,
};

/** The stack with one part changed. */
export function withPart(
  service: string,
  change: Partial<Part> | ((part: Part) => Partial<Part>),
  facts = closedStack,
): PostureFacts {
  const changed = facts.parts.map((part) =>
    part.service === service ? { ...part, ...(typeof change === 'function' ? change(part) : change) } : part,
  );
  return { ...facts, parts: changed };
}

export function withVariable(service: string, name: string, value: string): PostureFacts {
  return withPart(service, ({ environment }) => ({
    environment: [...environment.filter((one) => one.name !== name), { name, value }],
  }));
}

export function withConfig(change: (config: GatewayView) => Partial<GatewayView>): PostureFacts {
  return { ...closedStack, gateway: { state: 'known', where: 'gateway', config: { ...config, ...change(config) } } };
}

export const withRoute = (id: string, change: Partial<RouteView>): PostureFacts =>
  withConfig(({ routes }) => ({ routes: routes.map((route) => (route.id === id ? { ...route, ...change } : route)) }));

export const withProbe = (change: Partial<EdgeProbe>): PostureFacts => ({
  ...closedStack,
  edge: { state: 'probed', probe: { ...closedProbe, ...change } },
});

export const withTls = (change: Partial<NonNullable<EdgeProbe['tls']>>): PostureFacts =>
  withProbe({ tls: closedProbe.tls && { ...closedProbe.tls, ...change } });

export const withHeaders = (change: Record<string, string>): PostureFacts => {
  const { answer } = closedProbe;
  if (answer?.state !== 'answered') throw new Error('the probe has no answer');
  return withProbe({ answer: { ...answer, headers: { ...answer.headers, ...change } } });
};

export const withEdgeLimits = (change: Partial<EdgeLimits>): PostureFacts => {
  const { edgeFile } = closedStack;
  if (edgeFile.state !== 'known') throw new Error('the edge has no file');
  return { ...closedStack, edgeFile: { ...edgeFile, limits: { ...edgeFile.limits, ...change } } };
};

export const withNetwork = (label: string, change: Partial<NetworkFact>): PostureFacts => ({
  ...closedStack,
  networks: closedStack.networks.map((network) => (network.label === label ? { ...network, ...change } : network)),
});
