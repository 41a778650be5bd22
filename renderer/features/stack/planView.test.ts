import { describe, expect, test } from 'vitest';
import { samplePlan, sampleStep } from './planSample.ts';
import {
  findInterrupted,
  sayPlan,
  sortByDowntime,
  toDiffGroups,
  toDowntimeText,
  toPortText,
  toWriterText,
} from './planView.ts';

const port = { service: 'api', hostIp: '', hostPort: 8080, containerPort: 80, protocol: 'tcp' };

describe('the diff', () => {
  test('goes by resource, and what cannot be undone comes first', () => {
    const groups = toDiffGroups(
      samplePlan({
        steps: [
          sampleStep({ resource: 'network', name: 'shop_default' }),
          sampleStep({ name: 'shop-b-1', action: 'create', wave: 2 }),
          sampleStep({ name: 'shop-a-1', action: 'create', wave: 1 }),
          sampleStep({ name: 'shop-c-1', action: 'recreate', reason: '2 fields differ' }),
          sampleStep({ name: 'shop-d-1', action: 'remove', reason: 'no file claims it' }),
        ],
      }),
    );
    expect(groups.map(({ title, counts }) => `${title}: ${counts}`)).toEqual([
      'Containers: 1 to remove, 1 to make anew, 2 to create',
      'Networks: 1 to create',
    ]);
    expect(groups[0]?.rows.map(({ sign, step, words }) => `${sign} ${step.name} ${words}`)).toEqual([
      '− shop-d-1 remove: no file claims it',
      '~ shop-c-1 make anew: 2 fields differ',
      '+ shop-a-1 create',
      '+ shop-b-1 create',
    ]);
  });

  test('says what each waits for, once', () => {
    const gate = { service: 'db', replica: null, condition: 'healthy', required: true } as const;
    const [group] = toDiffGroups(samplePlan({ steps: [sampleStep({ gates: [gate, gate] })] }));
    expect(group?.rows[0]?.after).toEqual(['db healthy']);
  });

  test('does not repeat what the verb of the plan says', () => {
    const [group] = toDiffGroups(samplePlan({ steps: [sampleStep({ action: 'remove', reason: 'down' })] }));
    expect(group?.rows[0]?.words).toBe('remove');
  });

  test('a step that depends on a new image says so', () => {
    const step = sampleStep({ action: 'recreate', reason: 'its image may change', onlyIfNewImage: 'image a:1' });
    expect(toDiffGroups(samplePlan({ steps: [step] }))[0]?.rows[0]?.words).toBe(
      'make anew: its image may change, only if its image is another one then',
    );
  });
});

test.each([
  [{ leastMs: 0, mostMs: 0, basis: '' }, 'none'],
  [{ leastMs: null, mostMs: null, basis: 'until it is started again' }, 'until it is started again'],
  [{ leastMs: 500, mostMs: null, basis: '' }, 'at least 0.5 s'],
  [{ leastMs: null, mostMs: 1000, basis: '' }, 'up to 1 s'],
  [{ leastMs: 500, mostMs: 10_500, basis: '' }, '0.5 s to 10.5 s'],
])('a downtime of %j is %s', (downtime, text) => {
  expect(toDowntimeText({ service: 'a', ...downtime })).toBe(text);
});

test('the longest downtime is read first, and one without an end before it', () => {
  const of = (service: string, leastMs: number | null, mostMs: number | null) => ({
    service,
    leastMs,
    mostMs,
    basis: '',
  });
  const sorted = sortByDowntime([of('a', 1, 2), of('b', 5, null), of('c', null, null), of('d', 1, 9)]);
  expect(sorted.map(({ service }) => service)).toEqual(['c', 'd', 'b', 'a']);
});

test.each([
  [{}, 'every address:8080 → api:80'],
  [{ hostIp: '::1', hostPort: null }, '[::1]:any → api:80'],
  [{ hostIp: '127.0.0.1', protocol: 'udp' }, '127.0.0.1:8080 → api:80/udp'],
])('port %j', (parts, text) => {
  expect(toPortText({ ...port, ...parts })).toBe(text);
});

test.each([
  ['created', null, 'unknown', 'new, empty'],
  ['kept', null, 'unknown', 'nobody knows who wrote it last'],
  ['kept', 'dev', 'container', 'last written by dev'],
  ['removed', 'prod', 'name', 'named for prod'],
] as const)('a volume that is %s, of %s by its %s: %s', (fate, lastMode, lastModeFrom, text) => {
  const volume = { name: 'data', key: 'data', fate, sizeBytes: null, lastMode, lastModeFrom, services: [] };
  expect(toWriterText(volume)).toBe(text);
});

test('the sentence has numbers, and says when there is nothing to do', () => {
  const steps = [
    sampleStep({ action: 'recreate' }),
    sampleStep({ action: 'create', name: 'b' }),
    sampleStep({ action: 'create', name: 'c' }),
    sampleStep({ resource: 'network', name: 'n', action: 'remove' }),
  ];
  expect(sayPlan(samplePlan({ steps, ports: { opened: [], closed: [port, port] } }))).toBe(
    'Removes 1 network, makes anew 1 container, creates 2 containers, closes 2 ports.',
  );
  expect(sayPlan(samplePlan({ unchanged: ['a', 'b'] }))).toBe('Nothing to do: 2 services as they should be.');
});

test('what one verb does to several kinds of things is said once', () => {
  const steps = [
    sampleStep({ action: 'remove' }),
    sampleStep({ action: 'remove', resource: 'network', name: 'n' }),
    sampleStep({ action: 'remove', resource: 'volume', name: 'v' }),
  ];
  expect(sayPlan(samplePlan({ steps }))).toBe('Removes 1 container, 1 network and 1 volume.');
});

test('interrupted is what ends or begins anew, unless its replicas go one at a time', () => {
  const steps = [
    sampleStep({ action: 'stop', key: 'search' }),
    sampleStep({ action: 'restart', key: 'pricing' }),
    sampleStep({ action: 'restart', key: 'scaled' }),
    sampleStep({ action: 'create', key: 'new' }),
    sampleStep({ resource: 'network', action: 'remove', key: 'net' }),
  ];
  const downtime = [{ service: 'scaled', leastMs: 0, mostMs: 0, basis: '2 replicas, one at a time' }];
  expect(findInterrupted({ steps, downtime })).toEqual(['pricing', 'search']);
});
