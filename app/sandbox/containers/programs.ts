// Which program takes the place of an image, and which ports that image would expose. Pure.

/** How the engine starts things: argv prefixes, so that sources and bundles are run alike. */
export interface Programs {
  /** The Node binary. */
  node: string;
  gateway: readonly string[];
  service: readonly string[];
  /** The gateway.yaml for gateway containers that bring none by a bind mount. */
  gatewayConfig: string;
}

export type Workload = { kind: 'gateway' } | { kind: 'service'; role: string } | { kind: 'standIn'; product: string };

/** Repositories whose last part is not the product's name. */
const PRODUCT_NAMES: Readonly<Record<string, string>> = {
  'all-in-one': 'jaeger',
  postgresql: 'postgres',
  valkey: 'redis',
};

export const OWN_IMAGES = { gateway: 'gatehouse/api-gateway', service: 'gatehouse/platform-service' };

/** `registry:5000/team/name:tag@sha256:…` without tag and digest. */
export function toRepository(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
}

export function toWorkload(image: string, command: readonly string[]): Workload {
  const repository = toRepository(image);
  if (repository === OWN_IMAGES.gateway) return { kind: 'gateway' };
  if (repository === OWN_IMAGES.service) return { kind: 'service', role: command[0] ?? '' };
  const last = repository.split('/').at(-1) ?? repository;
  return { kind: 'standIn', product: PRODUCT_NAMES[last] ?? last };
}

const SERVICE_PORTS: Readonly<Record<string, readonly number[]>> = {
  backend: [8000],
  'celery-worker': [9808],
  'celery-beat': [9808],
  recommender: [8001],
  search: [8002],
  pricing: [8003],
  chatbot: [8004],
  fraud: [8005],
  forecasting: [8006],
  vision: [8007],
  'stores-exporter': [9464],
};

const PRODUCT_PORTS: Readonly<Record<string, readonly number[]>> = {
  nginx: [80],
  postgres: [5432],
  pgbouncer: [6432],
  redis: [6379],
  elasticsearch: [9200],
  rabbitmq: [5672, 15672],
  qdrant: [6333],
  prometheus: [9090],
  grafana: [3000],
  jaeger: [16686],
};

/** Where the program listens, so that hosts.json can say it; more than EXPOSE, which knows nothing of roles. */
export function findImagePorts(workload: Workload): readonly number[] {
  if (workload.kind === 'gateway') return [8080];
  const table = workload.kind === 'service' ? SERVICE_PORTS : PRODUCT_PORTS;
  const name = workload.kind === 'service' ? workload.role : workload.product;
  return Object.hasOwn(table, name) ? (table[name] ?? []) : [];
}

/** What the image's EXPOSE says: the one of our workloads says nothing, since its port depends on its role. */
export function toExposedPorts(image: string): Record<string, object> {
  const workload = toWorkload(image, []);
  const ports = workload.kind === 'service' ? [] : findImagePorts(workload);
  return Object.fromEntries(ports.map((port) => [`${port}/tcp`, {}]));
}

export function toArguments(workload: Workload, programs: Programs, command: readonly string[]): string[] {
  switch (workload.kind) {
    case 'gateway':
      return [...programs.gateway, ...command];
    case 'service':
      return [...programs.service, ...command];
    case 'standIn':
      return [...programs.service, 'stand-in', workload.product];
  }
}

/**
 * A compose file from somewhere decides these; a container of the sandbox is a process of the operator, so nothing
 * that loads code into it is passed on, and nothing that the engine itself says.
 */
const NOT_PASSED = /^(?:NODE_|LD_|DYLD_|GATEHOUSE_(?:PORTS|HOSTS_FILE|CONFIG|ADMIN_SOCKET)$|PATH$|OPENSSL_)/i;

export function toEnvironment(given: readonly string[], own: Readonly<Record<string, string>>): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const entry of given) {
    const at = entry.indexOf('=');
    if (at > 0 && !NOT_PASSED.test(entry.slice(0, at))) environment[entry.slice(0, at)] = entry.slice(at + 1);
  }
  return { ...environment, ...own };
}
