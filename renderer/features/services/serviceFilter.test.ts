import { describe, expect, it } from 'vitest';
import { sortByTrouble, toServiceTest } from './serviceFilter.ts';
import { sampleContainer, sampleService } from './serviceSample.ts';

const services = [
  sampleService({ name: 'search' }),
  sampleService({
    name: 'recommender',
    level: 'down',
    statusText: 'stopped, exit 137',
    containers: [sampleContainer({ state: 'exited', health: 'none' })],
  }),
  sampleService({
    name: 'qdrant',
    kind: 'store',
    level: 'degraded',
    networks: ['ai_network'],
    image: 'qdrant/qdrant:1.9',
    standInFor: 'Qdrant',
    routes: [],
    containers: [sampleContainer({ health: 'unhealthy' })],
  }),
  sampleService({ name: 'postgres', kind: 'store', networks: ['backend_network'], routes: [], level: 'unknown' }),
];

describe('toServiceTest', () => {
  it.each([
    ['', ['search', 'recommender', 'qdrant', 'postgres']],
    ['health:down', ['recommender']],
    ['health:degraded', ['qdrant']],
    ['health:unhealthy', ['qdrant']],
    ['health:healthy', ['search', 'postgres']],
    ['net:ai', ['search', 'recommender', 'qdrant']],
    ['kind:store', ['qdrant', 'postgres']],
    ['kind:store net:ai', ['qdrant']],
    ['!kind:store', ['search', 'recommender']],
    ['state:exited', ['recommender']],
    ['image:qdrant', ['qdrant']],
    ['is:stand-in', ['qdrant']],
    ['route:ai-search', ['search', 'recommender']],
    ['137', ['recommender']],
    ['SEA', ['search']],
    ['port:80', []],
    ['constructor:x', []],
  ])('%j', (filter, names) => {
    expect(services.filter(toServiceTest(filter)).map(({ name }) => name)).toEqual(names);
  });
});

describe('sortByTrouble', () => {
  it('puts the worst first, then goes by name, and an unknown one is not among the healthy', () => {
    expect(sortByTrouble(services).map(({ name }) => name)).toEqual(['recommender', 'qdrant', 'postgres', 'search']);
  });
});
