import { expect, test } from 'vitest';
import { parseDuration } from '../promql/duration.ts';
import { readAlerts, readMatrix, readTargets, readTexts, readVector } from './prometheusAnswers.ts';

const range = { from: 1_700_000_000_000, to: 1_700_000_030_000, stepMs: 10_000 };
const matrix = (...result: unknown[]) => ({ resultType: 'matrix', result });
const vector = (...result: unknown[]) => ({ resultType: 'vector', result });

test('values stand at their points, and where there is none nothing does', () => {
  const values = [
    [1_700_000_000, '1'],
    [1_700_000_020, '2.5'],
  ];
  expect(readMatrix(matrix({ metric: { job: 'a' }, values }), range)).toEqual({
    series: [{ labels: { job: 'a' }, values: [1, null, 2.5, null] }],
    seriesCount: 1,
    warnings: [],
  });
});

test('points outside of the range, and what is no point, change nothing', () => {
  const values = [
    [1_600_000_000, '1'],
    [1_700_000_031, '9'],
    ['x', '1'],
    'x',
    null,
    [1_700_000_010],
    [1_700_000_010, 7],
  ];
  expect(readMatrix(matrix({ metric: {}, values }), range).series[0]?.values).toEqual([null, null, null, null]);
});

test.each(['NaN', '+Inf', '-Inf', '', 'x'])(
  '%j is no value of a line, and is shown as it was at one moment',
  (text) => {
    expect(readMatrix(matrix({ metric: {}, values: [[1_700_000_000, text]] }), range).series[0]?.values[0]).toBeNull();
    expect(readVector(vector({ metric: {}, value: [1, text] })).samples[0]).toEqual({ labels: {}, value: null, text });
  },
);

test('200 series are taken and the others counted', () => {
  const many = Array.from({ length: 201 }, (_, index) => ({ metric: { index: `${index}` }, value: [1, '1'] }));
  const { samples, seriesCount } = readVector(vector(...many));
  expect([samples.length, seriesCount]).toEqual([200, 201]);
});

test('a scalar and a string are one value', () => {
  expect(readVector({ resultType: 'scalar', result: [1, '42'] }).samples).toEqual([
    { labels: {}, value: 42, text: '42' },
  ]);
  expect(readVector({ resultType: 'string', result: [1, 'hello'] }).samples[0]).toMatchObject({
    value: null,
    text: 'hello',
  });
});

test('native histograms are not shown, and that is said', () => {
  const answer = readVector(vector({ metric: {}, histogram: [1, {}] }));
  expect(answer.samples).toEqual([]);
  expect(answer.warnings[0]).toContain('histogram');
});

test('labels of others lose what could steer, and a name of every object is a name like others', () => {
  const metric = JSON.parse('{"__proto__":"a","b":"\\u001b[2Jx\\u202ey","c":7}');
  const { labels } = readVector(vector({ metric, value: [1, '1'] })).samples[0] ?? {};
  expect(labels?.b).toBe('xy');
  expect(labels).not.toHaveProperty('c');
  expect(({} as Record<string, unknown>).a).toBeUndefined();
});

test.each([null, {}, { resultType: 'vector' }, { resultType: 'vector', result: 'x' }, []])(
  '%j is no answer',
  (data) => {
    expect(() => readVector(data)).toThrow();
  },
);

test('targets in trouble come first; URLs lose user and password', () => {
  const { targets, targetCount, droppedCount } = readTargets({
    activeTargets: [
      {
        labels: { job: 'a', instance: 'one' },
        scrapeUrl: 'http://u:p@one/metrics',
        health: 'up',
        scrapeInterval: '1m30s',
      },
      {
        labels: { job: 'a', instance: 'two' },
        health: 'down',
        lastError: 'no\u001b[31m route',
        lastScrape: '0001-01-01T00:00:00Z',
        lastScrapeDuration: 0.25,
      },
      'nonsense',
    ].slice(0, 2),
    droppedTargets: [],
    droppedTargetCounts: { a: 3 },
  });
  expect(targets.map(({ instance, health, url }) => [instance, health, url])).toEqual([
    ['two', 'down', ''],
    ['one', 'up', 'http://one/metrics'],
  ]);
  expect(targets[0]).toMatchObject({ error: 'no route', lastScrapeAt: null, lastScrapeMs: 250 });
  expect([targetCount, droppedCount, targets[1]?.intervalMs]).toEqual([2, 3, 90_000]);
});

const rule = (given: object) => ({
  type: 'alerting',
  name: 'Slow',
  query: 'x > 1',
  duration: 30,
  state: 'firing',
  alerts: [],
  ...given,
});

test('alerts that fire come first, in the words of their rule', () => {
  const alert = (state: string, annotations: object) => ({
    labels: { alertname: 'Slow', severity: 'page', route: 'search' },
    annotations,
    state,
    activeAt: '2026-03-01T12:00:00Z',
    value: '1e+00',
  });
  const rules = [
    rule({ alerts: [alert('pending', {}), alert('firing', { summary: 'search is slow' })] }),
    rule({ type: 'recording', name: 'left out' }),
  ];
  const { alerts, firingCount, pendingCount, ruleCount, reason } = readAlerts({ groups: [{ name: 'g', rules }] }, 5);
  expect(alerts.map(({ state, summary, severity }) => [state, summary, severity])).toEqual([
    ['firing', 'search is slow', 'page'],
    ['pending', 'route=search', 'page'],
  ]);
  expect([firingCount, pendingCount, ruleCount, reason]).toEqual([1, 1, 1, null]);
});

test('without a rule it is said that nothing can fire', () => {
  expect(readAlerts({ groups: [] }, 5).reason?.message).toContain('no alerting rule');
});

test.each([
  ['15s', 15_000],
  ['1h2m3s4ms', 3_723_004],
  ['', null],
  ['15', null],
  ['forever', null],
])('%j lasts %s ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test('lists of names hold texts alone', () => {
  expect(readTexts(['a', 7, null, 'b'])).toEqual(['a', 'b']);
});
