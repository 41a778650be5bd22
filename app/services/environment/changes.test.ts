import { expect, test } from 'vitest';
import type { EngineEvent } from '../docker/engineEvent.ts';
import { breaker, container, now, stats } from '../test/samples.ts';
import { createChangesLog, toEngineChange, toPastChanges } from './changes.ts';

const event = (given: Partial<EngineEvent> = {}): EngineEvent => ({
  at: now,
  type: 'container',
  action: 'start',
  id: 'a',
  container: null,
  project: 'shop',
  service: 'search',
  exitCode: null,
  health: null,
  ...given,
});

test.each<[string, Partial<EngineEvent>, boolean, string | undefined, string?]>([
  ['start', {}, false, 'started', 'ok'],
  ['a kill', { action: 'die', exitCode: 137 }, false, 'stopped (exit 137)', 'down'],
  ['a graceful stop', { action: 'die', exitCode: 0 }, false, 'stopped (exit 0)', 'degraded'],
  ['out of memory', { action: 'die', exitCode: 137 }, true, 'killed, out of memory (exit 137)', 'down'],
  ['healthy', { action: 'health_status', health: 'healthy' }, false, 'became healthy', 'ok'],
  ['unhealthy', { action: 'health_status', health: 'unhealthy' }, false, 'became unhealthy', 'degraded'],
  ['attach is none', { action: 'attach' }, false, undefined],
  ['a network is none', { type: 'network', action: 'connect' }, false, undefined],
  ['not of a service', { service: null }, false, undefined],
])('%s', (_, given, outOfMemory, text, level) => {
  const change = toEngineChange(event(given), outOfMemory);
  expect(change?.text).toBe(text);
  expect(change?.level).toBe(level);
});

const transition = (at: number, to: 'open' | 'closed') =>
  ({ at, from: to === 'open' ? 'closed' : 'open', to, reason: '5 of 5 failed' }) as const;

test('the first look at breakers is no change, later transitions are, each once', () => {
  const log = createChangesLog(() => now);
  const before = breaker('search', { transitions: [transition(now, 'closed')] });
  log.addBreakers([before]);
  expect(log.changes.current).toEqual([]);
  const opened = { ...before, transitions: [transition(now + 5, 'open'), ...before.transitions] };
  log.addBreakers([opened]);
  log.addBreakers([opened]);
  expect(log.changes.current).toMatchObject([
    { subject: 'Breaker search', text: 'opened: 5 of 5 failed', level: 'down', kind: 'breaker', at: now + 5 },
  ]);
});

test('a gateway that was started anew is one', () => {
  const log = createChangesLog(() => now);
  log.addStats([stats(now, {})]);
  log.addStats([stats(now + 1, {})]);
  expect(log.changes.current).toEqual([]);
  log.addStats([stats(now + 2, {}, { startedAt: now + 1 })]);
  expect(log.changes.current).toMatchObject([{ kind: 'gateway', subject: 'Gateway one' }]);
});

test('the reader’s own actions are marked; the log is bounded, newest first', () => {
  const log = createChangesLog(() => now);
  log.addOperatorAction('Demo traffic', 'started');
  expect(log.changes.current).toMatchObject([{ kind: 'operator', text: 'started · you' }]);
  for (let n = 1; n <= 300; n += 1) log.addEngineEvent(event({ at: now + n }), false);
  expect(log.changes.current).toHaveLength(200);
  expect(log.changes.current[0]?.at).toBe(now + 300);
});

test.each([
  ['runs for a minute', {}, ['started, not watched']],
  ['was restarted', { restarts: 3 }, ['started, restarted 3 times, not watched']],
  [
    'was killed',
    { state: 'exited', exitCode: 137, outOfMemory: true, finishedAt: now - 1000 },
    ['killed, out of memory (exit 137), not watched', 'started, not watched'],
  ],
  ['runs for a day', { startedAt: now - 86_400_000 }, []],
  ['has never run', { startedAt: null }, []],
  ['is nobody of the project', { service: null }, []],
] as const)('what a container tells of the time before that %s', (_, given, texts) => {
  expect(toPastChanges(container(given), now).map(({ text }) => text)).toEqual(texts);
});
