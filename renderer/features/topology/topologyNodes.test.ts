import { describe, expect, test } from 'vitest';
import type { Breaker, RouteMetrics } from '../../../app/contract/index.ts';
import type { ServiceUsage } from '../services/serviceUsage.ts';
import { sortByTrouble, toLine, toTopologyNodes, toUsageText } from './topologyNodes.ts';
import { sampleTopology } from './topologySample.ts';
import type { UpstreamTraffic } from './upstreamTraffic.ts';

const usage = (parts: Partial<ServiceUsage> = {}): ServiceUsage => ({
  cpuShare: 0.123,
  cpuLimit: null,
  memoryBytes: 41 * 1024 ** 2,
  memoryLimitBytes: null,
  networkRxBytesPerSecond: null,
  networkTxBytesPerSecond: null,
  pids: null,
  ...parts,
});
const traffic = (parts: Partial<UpstreamTraffic> = {}): UpstreamTraffic => ({
  requestsPerSecond: 38.24,
  errorShare: 0,
  p95Ms: 24,
  isP95Bound: false,
  breaker: 'closed',
  level: 'ok',
  ...parts,
});
const well = { level: 'ok' as const, statusText: 'healthy' };

describe('the line of a service', () => {
  test.each([
    ['traffic', { service: well, traffic: traffic(), usage: usage() }, '38.2/s · p95 24 ms'],
    ['several routes', { service: well, traffic: traffic({ isP95Bound: true }), usage: null }, '38.2/s · p95 ≤ 24 ms'],
    ['errors', { service: well, traffic: traffic({ errorShare: 0.093 }), usage: null }, '38.2/s · 9.3 % err'],
    [
      'an open breaker',
      { service: well, traffic: traffic({ breaker: 'open', errorShare: 1 }), usage: null },
      '38.2/s · all refused',
    ],
    [
      'no request',
      { service: well, traffic: traffic({ requestsPerSecond: 0, p95Ms: null }), usage: null },
      'no traffic',
    ],
    [
      'an open breaker that nobody asks',
      { service: well, traffic: traffic({ requestsPerSecond: 0, breaker: 'open' }), usage: null },
      'breaker open · no traffic',
    ],
    [
      'nobody measured',
      { service: well, traffic: traffic({ requestsPerSecond: null }), usage: null },
      'traffic not known',
    ],
    ['no route ends here', { service: well, traffic: null, usage: usage() }, '12.3 % · 41 MB'],
    ['nothing measured at all', { service: well, traffic: null, usage: null }, 'healthy'],
    [
      'trouble comes before figures',
      { service: { level: 'down' as const, statusText: 'stopped, exit 137' }, traffic: traffic(), usage: usage() },
      'stopped, exit 137',
    ],
  ])('with %s', (_, facts, line) => {
    expect(toLine(facts)).toBe(line);
  });

  test('usage says what is known of it', () => {
    expect(toUsageText(usage({ cpuShare: null }))).toBe('41 MB');
    expect(toUsageText(usage({ cpuShare: null, memoryBytes: null }))).toBeNull();
  });
});

describe('the nodes', () => {
  const none = { requestsPerSecond: null, errorShare: null, upstreamErrorShare: null, clientErrorShare: null };
  const figures = { ...none, limitedShare: null, p50Ms: null, p95Ms: null, p99Ms: null, samples: [] };
  const metrics: Pick<RouteMetrics, 'routes' | 'total'> = {
    routes: [{ ...figures, route: 'ai-search', requestsPerSecond: 5, errorShare: 0.8, p95Ms: 3 }],
    total: { ...figures, requestsPerSecond: 20, errorShare: 0.2, p95Ms: 9, peakRequestsPerSecond: null },
  };
  const changes = { search: { routes: ['ai-search'], breaker: 'open' as const } };
  const nodesOf = (own: Parameters<typeof sampleTopology>[0], given: typeof metrics | null = metrics) =>
    new Map(
      toTopologyNodes({
        topology: sampleTopology(own),
        metrics: given,
        breakers: null,
        usage: new Map(),
        stores: new Map(),
      }).map((node) => [node.name, node]),
    );

  test('each service once, in its own network, with the others as marks', () => {
    const nodes = nodesOf({});
    expect(nodes.size).toBe(7);
    expect(nodes.get('gateway')).toMatchObject({ box: 'public' });
    expect(nodes.get('gateway')?.otherNetworks).toEqual(['ai', 'watching']);
  });

  test('a healthy container whose callers are refused is in trouble', () => {
    expect(nodesOf(changes).get('search')).toMatchObject({ level: 'down', service: { level: 'ok' } });
  });

  test('no traffic and no measurement change nothing of what the engine says', () => {
    const closed = { search: { routes: ['ai-search'], breaker: 'closed' as const } };
    expect(nodesOf(closed, null).get('search')?.level).toBe('ok');
    expect(nodesOf({ search: { ...closed.search, level: 'unknown' } }, null).get('search')?.level).toBe('unknown');
  });

  test('the gateway shows its total, and is not blamed for its upstreams', () => {
    expect(nodesOf(changes).get('gateway')).toMatchObject({ level: 'ok', line: '20.0/s · 20.0 % err' });
  });

  test('the breaker is found by the address of its upstream', () => {
    const breaker = { upstream: 'find-it', target: 'http://search:8002', state: 'open' } as Breaker;
    const nodes = toTopologyNodes({
      topology: sampleTopology(changes),
      metrics: null,
      breakers: [breaker, { ...breaker, target: 'not a url' }],
      usage: new Map(),
      stores: new Map(),
    });
    expect(nodes.filter((node) => node.breaker !== null).map(({ name }) => name)).toEqual(['search']);
  });

  test('the worst come first, the unknown before the well', () => {
    const nodes = nodesOf({ ...changes, qdrant: { level: 'unknown' }, nginx: { level: 'degraded' } });
    expect(
      sortByTrouble([...nodes.values()])
        .map(({ name }) => name)
        .slice(0, 4),
    ).toEqual(['search', 'nginx', 'qdrant', 'gateway']);
  });
});
