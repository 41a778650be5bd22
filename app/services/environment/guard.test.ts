import { expect, test } from 'vitest';
import { GatehouseError, type Guard, type Handlers, operations } from '../../contract/index.ts';
import { findRefusal, type GuardFacts, toGuard } from './guard.ts';
import { guardHandlers } from './guardHandlers.ts';

const facts = (given: Partial<GuardFacts> = {}): GuardFacts => ({
  engineKind: 'docker',
  mode: 'dev',
  isHostReadOnly: false,
  unlock: null,
  now: 1000,
  ...given,
});
const unlock = { until: 2000, reason: 'incident 12' };

test.each<[string, Partial<GuardFacts>, Guard]>([
  ['the sandbox is open', { engineKind: 'sandbox' }, 'open'],
  ['a real engine starts locked', {}, 'locked'],
  ['production starts locked', { mode: 'prod' }, 'locked'],
  ['unlocked for a while', { unlock }, 'open'],
  ['the while is over', { unlock, now: 2000 }, 'locked'],
  ['production stays careful when unlocked', { unlock, mode: 'prod' }, 'confirm'],
  ['a read-only host lifts nothing', { unlock, isHostReadOnly: true }, 'readOnly'],
  ['not even of the sandbox', { engineKind: 'sandbox', isHostReadOnly: true }, 'readOnly'],
])('%s', (_, given, guard) => {
  expect(toGuard(facts(given)).guard).toBe(guard);
});

test.each<[Guard, boolean]>([
  ['open', true],
  ['confirm', true],
  ['locked', false],
  ['readOnly', false],
])('%s lets changes pass: %s; it lets every reading pass', (guard, passes) => {
  expect(findRefusal(guard, { name: 'x', class: 'observe' })).toBeNull();
  expect(findRefusal(guard, { name: 'x', class: 'sensitiveRead' })).toBeNull();
  for (const operation of ['change', 'destroy'] as const) {
    expect(findRefusal(guard, { name: 'demo.start', class: operation })?.code ?? null).toBe(
      passes ? null : 'read-only',
    );
  }
});

/** Handlers that note their name; what is called is seen. */
function guarded(environmentGuard: Guard, hostGuard: Guard) {
  const called: string[] = [];
  const handlers = Object.fromEntries(
    Object.entries(operations).map(([domain, verbs]) => [
      domain,
      Object.fromEntries(
        Object.keys(verbs).map((verb) => [
          verb,
          async () => {
            called.push(`${domain}.${verb}`);
          },
        ]),
      ),
    ]),
  ) as never as Handlers;
  return { called, handlers: guardHandlers(handlers, { guardOf: () => environmentGuard, hostGuard }) };
}

const call = { signal: new AbortController().signal };
const environment = 'docker~shop';

test('a locked environment refuses demo traffic, and the handler is not reached', async () => {
  const { handlers, called } = guarded('locked', 'open');
  const refused = handlers.demo.start({ environment, requestsPerSecond: 1, seconds: 1 }, call);
  await expect(refused).rejects.toMatchObject({ code: 'read-only', remedy: expect.stringContaining('Unlock') });
  await expect(refused).rejects.toBeInstanceOf(GatehouseError);
  expect(called).toEqual([]);
});

test('a read-only host refuses what concerns the host as a whole', async () => {
  const { handlers, called } = guarded('open', 'readOnly');
  await expect(handlers.sandbox.start(undefined, call)).rejects.toMatchObject({ code: 'read-only' });
  await expect(handlers.sandbox.stop(undefined, call)).rejects.toMatchObject({ code: 'read-only' });
  expect(called).toEqual([]);
});

test('reading passes everywhere, unlocking is reading', async () => {
  const { handlers, called } = guarded('locked', 'readOnly');
  await handlers.host.info(undefined, call);
  await handlers.stack.inspect({ environment, container: 'x' }, call);
  await handlers.environment.unlock({ environment, reason: 'abc', minutes: 1 }, call);
  expect(called).toEqual(['host.info', 'stack.inspect', 'environment.unlock']);
});

test('an operation without a handler is found at once, not at its first call', () => {
  expect(() => guardHandlers({} as Handlers, { guardOf: () => 'open', hostGuard: 'open' })).toThrow();
});
