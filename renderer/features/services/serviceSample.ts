// One service for tests; each names only what it is about.
import type { Container, Service } from '../../../app/contract/index.ts';

export function sampleContainer(parts: Partial<Container> = {}): Container {
  return {
    id: 'c0ffee0000000000',
    name: 'shop-platform-search-1',
    state: 'running',
    health: 'healthy',
    probes: [],
    startedAt: 1_780_000_000_000,
    finishedAt: null,
    exitCode: null,
    outOfMemory: false,
    restarts: 0,
    image: 'gatehouse/platform-service:0.1',
    imageId: 'sha256:1f3c',
    ...parts,
  };
}

export function sampleService(parts: Partial<Service> = {}): Service {
  return {
    name: 'search',
    kind: 'app',
    level: 'ok',
    statusText: 'healthy',
    image: 'gatehouse/platform-service:0.1',
    networks: ['ai_network', 'monitoring_network'],
    ports: [],
    dependsOn: [],
    containers: [sampleContainer()],
    standInFor: null,
    routes: ['ai-search'],
    breaker: 'closed',
    ...parts,
  };
}
