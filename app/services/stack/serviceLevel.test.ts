import { expect, test } from 'vitest';
import type { ObservedContainer } from '../docker/observed.ts';
import { container } from '../test/samples.ts';
import { judgeService } from './serviceLevel.ts';

type Given = Partial<ObservedContainer>;
const exited = (given: Given): Given => ({ state: 'exited', health: 'none', exitCode: 0, ...given });
const job: Given = exited({ restartPolicy: 'no', hasHealthCheck: false, ports: [] });

const cases: [string, Given[], boolean, string, string][] = [
  ['declared alone', [], false, 'unknown', 'declared, not created'],
  ['healthy', [{}], false, 'ok', 'healthy'],
  ['no probe has passed yet', [{ health: 'starting' }], false, 'unknown', 'starting'],
  ['nobody checks it', [{ health: 'none', hasHealthCheck: false }], false, 'unknown', 'running, no health check'],
  [
    'the newest probe says why',
    [{ health: 'unhealthy', probes: [{ at: 1, exitCode: 1, output: 'refused\nmore' }] }],
    false,
    'degraded',
    'unhealthy: refused',
  ],
  ['unhealthy without a word', [{ health: 'unhealthy' }], false, 'degraded', 'unhealthy'],
  ['killed', [exited({ exitCode: 137 })], false, 'down', 'stopped, exit 137'],
  ['out of memory', [exited({ exitCode: 137, outOfMemory: true })], false, 'down', 'stopped, exit 137, out of memory'],
  ['a server that was stopped gracefully is down', [exited({})], false, 'down', 'stopped, exit 0'],
  ['a job that ended well is done', [job], false, 'ok', 'done'],
  ['a job that failed is down', [{ ...job, exitCode: 2 }], false, 'down', 'stopped, exit 2'],
  ['someone waited for its end', [exited({})], true, 'ok', 'done'],
  ['restarting', [{ state: 'restarting', exitCode: 1 }], false, 'down', 'restarting, exit 1'],
  ['paused', [{ state: 'paused' }], false, 'down', 'paused'],
  ['created', [{ state: 'created' }], false, 'unknown', 'created, not started'],
  ['both replicas are well', [{}, {}], false, 'ok', 'healthy (all 2)'],
  ['one replica of two is down', [{}, exited({ exitCode: 1 })], false, 'degraded', '1 of 2: stopped, exit 1'],
  [
    'all replicas are down',
    [exited({ exitCode: 1 }), exited({ exitCode: 1 })],
    false,
    'down',
    'stopped, exit 1 (all 2)',
  ],
];

test.each(cases)('%s', (_, containers, isAwaited, level, text) => {
  expect(judgeService({ containers: containers.map(container), isAwaited })).toEqual({ level, text });
});
