import { expect, test } from 'vitest';
import { chooseScrapes } from './gatewayScrapes.ts';

const sample = (job: string, instance: string, text: string) => ({
  labels: { job, instance },
  value: Number(text),
  text,
});
const choose = (
  starts: ReturnType<typeof sample>[],
  setBacks: ReturnType<typeof sample>[] = [],
  running = starts.length,
) => chooseScrapes({ starts, setBacks, running });

test('a gateway that is not scraped has no figures here', () => {
  expect(choose([])).toEqual({ matchers: null, notes: [], alternating: [] });
});

test('replicas are all selected', () => {
  expect(choose([sample('gateway', 'a:8080', '1.5'), sample('gateway', 'b:8080', '2.5')])).toEqual({
    matchers: 'job="gateway"',
    notes: [],
    alternating: [],
  });
});

test('of two jobs that scrape the same, one is taken, and that is said', () => {
  const { matchers, notes } = choose([sample('docker', 'x:8080', '1.5'), sample('a', 'x:8080', '1.5')], [], 1);
  expect(matchers).toBe('job="a"');
  expect(notes).toEqual(['The jobs a, docker all scrape the gateway; the figures are those of a.']);
});

test('the job that sees more processes is taken', () => {
  const starts = [sample('a', 'x:1', '1.5'), sample('b', 'x:1', '1.5'), sample('b', 'y:1', '2.5')];
  expect(choose(starts, [], 2).matchers).toBe('job="b"');
});

test('a process that is scraped by two addresses is counted once', () => {
  const { matchers, notes } = choose([sample('gw', 'name:8080', '1.5'), sample('gw', '10.0.0.2:8080', '1.5')], [], 1);
  expect(matchers).toBe('job="gw",instance!~"name:8080"');
  expect(notes[0]).toContain('counted once');
});

test('names of others are quoted, and are no patterns', () => {
  const { matchers } = choose([sample('a"} or up{x="', 'a.b|c:1', '1.5'), sample('a"} or up{x="', '.*', '1.5')], [], 1);
  expect(matchers).toBe('job="a\\"} or up{x=\\"",instance!~"a\\\\.b\\\\|c:1"');
});

test('replicas that are missing are counted', () => {
  expect(choose([sample('gateway', 'a:8080', '1.5')], [], 3).notes).toEqual([
    'Prometheus scrapes 1 of 3 gateways that run; the others are missing here.',
  ]);
});

test('a start that goes back tells that several answer in turn; a restart does not', () => {
  const starts = [sample('gateway', 'api_gateway:8080', '1.5')];
  expect(choose(starts, [sample('gateway', 'api_gateway:8080', '3')]).alternating).toEqual(['api_gateway:8080']);
  expect(choose(starts, [sample('gateway', 'api_gateway:8080', '0')]).alternating).toEqual([]);
});
