import { describe, expect, test } from 'vitest';
import { sampleContainer, sampleService } from '../services/serviceSample.ts';
import { parseFind, readFindWord, toFindSuggestions } from './find.ts';
import type { TopologyNode } from './topologyNodes.ts';
import { sampleNode } from './topologySample.ts';

const traffic = {
  requestsPerSecond: 12,
  errorShare: 0.06,
  p95Ms: 340,
  isP95Bound: false,
  breaker: null,
  level: 'degraded' as const,
};
const usage = {
  cpuShare: 0.8,
  cpuLimit: null,
  memoryBytes: 300 * 1024 ** 2,
  memoryLimitBytes: null,
  networkRxBytesPerSecond: null,
  networkTxBytesPerSecond: null,
  pids: null,
};
const nodes: TopologyNode[] = [
  sampleNode('search', { level: 'down', traffic, line: '12.0/s · 6.0 % err' }),
  sampleNode('pricing', { traffic: { ...traffic, errorShare: 0, p95Ms: 20, requestsPerSecond: 3 } }),
  sampleNode('qdrant', {
    usage,
    service: sampleService({
      name: 'qdrant',
      kind: 'store',
      networks: ['ai'],
      standInFor: 'qdrant',
      routes: [],
      containers: [sampleContainer({ health: 'starting' })],
    }),
  }),
  sampleNode('prometheus'),
];

describe('what is found', () => {
  test.each([
    ['', ['search', 'pricing', 'qdrant', 'prometheus']],
    ['health:down', ['search']],
    ['health:starting', ['qdrant']],
    ['!health:down', ['pricing', 'qdrant', 'prometheus']],
    ['err>5%', ['search']],
    ['err>0.05', ['search']],
    ['err<=5%', ['pricing']],
    ['p95>300ms', ['search']],
    ['p95>0.3s', ['search']],
    ['p95>=20', ['search', 'pricing']],
    ['rate<10/s', ['pricing']],
    ['cpu>50%', ['qdrant']],
    ['mem>200MB', ['qdrant']],
    ['mem>1GB', []],
    ['!cpu>50%', ['search', 'pricing', 'prometheus']],
    ['net:ai', ['search', 'pricing', 'qdrant']],
    ['net:ai kind:store', ['qdrant']],
    ['is:stand-in', ['qdrant']],
    ['breaker:closed', ['qdrant']],
    ['EAR', ['search']],
    ['"6.0 %"', ['search']],
    ['"health:down"', []],
    ['health:down or kind:store', ['search', 'qdrant']],
    ['(health:down or net:ai) !is:stand-in', ['search', 'pricing']],
  ])('%j', (text, names) => {
    const find = parseFind(text);
    expect(find.problems).toEqual([]);
    expect(nodes.filter(find.matches).map(({ name }) => name)).toEqual(names);
  });

  test.each([
    ['err>', 'err takes a number, for example err>5%'],
    ['err>five', 'err takes a number, for example err>5%'],
    ['p95>3GB', 'p95 takes a number, for example p95>300ms'],
    ['p99>300ms', 'there is no figure p99; known are err, p95, rate, cpu, mem'],
    ['constructor>1', 'there is no figure constructor; known are err, p95, rate, cpu, mem'],
    ['colour:red', 'there is no field colour; in quotes it is looked for as text'],
    ['net:', 'net: has no value yet'],
  ])('%j does not count, and says why', (text, problem) => {
    const find = parseFind(text);
    expect(find.problems).toEqual([problem]);
    expect(find.isEmpty).toBe(true);
    expect(nodes.every(find.matches)).toBe(true);
  });

  test('a word that does not count leaves the others', () => {
    const find = parseFind('health:down p95>');
    expect(find.isEmpty).toBe(false);
    expect(nodes.filter(find.matches).map(({ name }) => name)).toEqual(['search']);
  });
});

describe('what could stand next', () => {
  const words = (draft: string) => toFindSuggestions(draft, nodes).map(({ word }) => word);
  test.each([
    ['he', ['health:']],
    ['net:a', ['net:ai', 'net:watching']],
    ['!net:ai', []],
    ['(kind:st', ['(kind:store']],
    ['p9', ['p95>']],
    ['pri', ['pricing']],
    ['"q', []],
    ['constructor:', []],
  ])('%j', (draft, expected) => expect(words(draft)).toEqual(expected));
});

test.each([
  ['health:down', 'field'],
  ['!(net:ai', 'field'],
  ['err>5%)', 'field'],
  ['or', 'text'],
  ['(', 'text'],
  ['search', 'text'],
  ['colour:red', 'invalid'],
  ['p95>fast', 'invalid'],
])('the chip of %s is one of kind %s', (word, kind) => expect(readFindWord(word).kind).toBe(kind));
