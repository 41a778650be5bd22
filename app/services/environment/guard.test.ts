import { expect, test } from 'vitest';
import {
  GatehouseError,
  type Guard,
  type Handlers,
  type Operation,
  type OperationClass,
  operations,
} from '../../contract/index.ts';
import type { AuditedAction } from '../audit/auditLog.ts';
import { findRefusal, type GuardFacts, isTighter, toGuard } from './guard.ts';
import { type GuardedPlace, guardHandlers } from './guardHandlers.ts';

const facts = (given: Partial<GuardFacts> = {}): GuardFacts => ({
  engineKind: 'docker',
  isRemote: false,
  modes: ['dev'],
  isHostReadOnly: false,
  configured: null,
  unlock: null,
  now: 1000,
  ...given,
});
const unlock = { until: 2000, reason: 'incident 12' };
const prod = { modes: ['prod'] } as const;
const remote = { isRemote: true };

test.each<[string, Partial<GuardFacts>, Guard]>([
  ['the sandbox is open', { engineKind: 'sandbox' }, 'open'],
  ['what was found on this machine starts locked', {}, 'locked'],
  ['what is neither dev nor prod too', { modes: ['unknown'] }, 'locked'],
  ['development that was set to open stays so', { configured: 'open' }, 'open'],
  ['a remote engine starts locked', remote, 'locked'],
  ['production starts locked', prod, 'locked'],
  ['production that is asked for counts like one that runs', { modes: ['dev', 'prod'] }, 'locked'],
  ['leaving production counts too', { modes: ['prod', 'dev'] }, 'locked'],
  ['a remote engine, unlocked for a while', { ...remote, unlock }, 'open'],
  ['the while is over', { ...remote, unlock, now: 2000 }, 'locked'],
  ['production stays careful when unlocked', { ...prod, unlock }, 'confirm'],
  ['remote production too', { ...prod, ...remote, unlock }, 'confirm'],
  ['an unlock makes nothing tighter', { unlock }, 'open'],
  ['what asks stops asking while unlocked', { configured: 'confirm', unlock }, 'open'],
  ['a remote engine that was set to open', { ...remote, configured: 'open' }, 'open'],
  ['production tightens what was set', { ...prod, configured: 'open' }, 'confirm'],
  ['production loosens nothing that was set', { ...prod, configured: 'readOnly' }, 'readOnly'],
  ['the sandbox may be set to locked', { engineKind: 'sandbox', configured: 'locked' }, 'locked'],
  ['what was set to read-only is not unlocked', { configured: 'readOnly', unlock }, 'readOnly'],
  ['settings that cannot be read may have been tighter', { configured: 'unknown' }, 'locked'],
  ['and are unlocked like others', { configured: 'unknown', unlock }, 'open'],
  ['the sandbox has nothing to lose with them', { engineKind: 'sandbox', configured: 'unknown' }, 'open'],
  ['a read-only host lifts nothing', { unlock, isHostReadOnly: true }, 'readOnly'],
  ['not even of the sandbox', { engineKind: 'sandbox', isHostReadOnly: true }, 'readOnly'],
])('%s', (_, given, guard) => {
  expect(toGuard(facts(given)).guard).toBe(guard);
});

test('production is never looser than anything else in the same place', () => {
  for (const engineKind of ['docker', 'sandbox'] as const)
    for (const isRemote of [true, false])
      for (const configured of [null, 'unknown', 'open', 'confirm', 'locked', 'readOnly'] as const)
        for (const given of [null, unlock])
          for (const mode of ['dev', 'unknown'] as const) {
            const place = { engineKind, isRemote, configured, unlock: given };
            const loose = toGuard(facts({ ...place, modes: [mode] })).guard;
            const strict = toGuard(facts({ ...place, modes: [mode, 'prod'] })).guard;
            expect([place, isTighter(loose, strict)]).toEqual([place, false]);
          }
});

const project = 'shop';
test.each<[Guard, OperationClass, string | undefined, string | null]>([
  ['open', 'change', undefined, null],
  ['open', 'destroy', undefined, null],
  ['confirm', 'change', undefined, 'confirmation-needed'],
  ['confirm', 'destroy', undefined, 'confirmation-needed'],
  ['confirm', 'change', 'shop2', 'confirmation-needed'],
  ['confirm', 'destroy', '', 'confirmation-needed'],
  ['confirm', 'change', 'shop', null],
  ['confirm', 'destroy', 'shop', null],
  ['locked', 'change', 'shop', 'read-only'],
  ['locked', 'destroy', 'shop', 'read-only'],
  ['readOnly', 'change', 'shop', 'read-only'],
  ['readOnly', 'destroy', 'shop', 'read-only'],
  ['readOnly', 'observe', undefined, null],
  ['readOnly', 'sensitiveRead', undefined, null],
])('%s, %s, confirmed with %s: %s', (guard, operationClass, confirm, code) => {
  const request = { name: 'stack.down', class: operationClass, project, confirm };
  expect(findRefusal(guard, request)?.code ?? null).toBe(code);
});

test('whatever changes an environment can be confirmed', () => {
  const cannot = Object.entries(operations).flatMap(([domain, verbs]) =>
    Object.entries(verbs as Record<string, Operation>)
      .filter(([, { class: kind }]) => kind === 'change' || kind === 'destroy')
      .map(([verb, { input }]) => ({ name: `${domain}.${verb}`, fields: (input as { shape?: object }).shape ?? {} }))
      .filter(({ fields }) => 'environment' in fields && !('confirm' in fields)),
  );
  expect(cannot).toEqual([]);
});

interface Written extends AuditedAction {
  outcome: string | undefined;
  problem: string | undefined;
}

/** Handlers that note their name, and an audit log that notes what it is told. */
function guarded(environmentGuard: Guard, hostGuard: Guard) {
  const called: string[] = [];
  const written: Written[] = [];
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
  const place: GuardedPlace = {
    guard: environmentGuard,
    guardReason: '',
    unlockReason: null,
    place: 'here~shop',
    project,
  };
  const audit = {
    begin(action: AuditedAction) {
      const entry: Written = { ...action, outcome: undefined, problem: undefined };
      written.push(entry);
      return {
        record() {},
        finish(outcome: string, problem?: { code: string }) {
          Object.assign(entry, { outcome, problem: problem?.code });
        },
      };
    },
  };
  return {
    called,
    written,
    wrap: (given: Handlers) => guardHandlers(given, { inspect: async () => place, hostGuard, audit }),
    handlers: guardHandlers(handlers, { inspect: async () => place, hostGuard, audit }),
  };
}

const call = { signal: new AbortController().signal, caller: 'cli' };
const environment = 'docker~shop';
const demo = { environment, requestsPerSecond: 1, seconds: 1 };

test('a locked environment refuses demo traffic, the handler is not reached, and the attempt is written down', async () => {
  const { handlers, called, written } = guarded('locked', 'open');
  const refused = handlers.demo.start(demo, call);
  await expect(refused).rejects.toMatchObject({ code: 'read-only', remedy: expect.stringContaining('Unlock') });
  await expect(refused).rejects.toBeInstanceOf(GatehouseError);
  expect(called).toEqual([]);
  expect(written).toMatchObject([{ operation: 'demo.start', outcome: 'refused', problem: 'read-only', caller: 'cli' }]);
});

test('an environment that asks lets a change pass with the name of its project alone', async () => {
  const { handlers, called, written } = guarded('confirm', 'open');
  await expect(handlers.demo.start(demo, call)).rejects.toMatchObject({ code: 'confirmation-needed' });
  await expect(handlers.demo.start({ ...demo, confirm: 'sho' }, call)).rejects.toMatchObject({
    code: 'confirmation-needed',
    message: 'demo.start was confirmed for "sho", and this is "shop".',
  });
  expect(called).toEqual([]);
  await handlers.demo.start({ ...demo, confirm: 'shop' }, call);
  expect(called).toEqual(['demo.start']);
  expect(written.map(({ outcome }) => outcome)).toEqual(['refused', 'refused', 'done']);
});

test('a read-only host refuses what concerns the host as a whole', async () => {
  const { handlers, called } = guarded('open', 'readOnly');
  await expect(handlers.sandbox.start(undefined, call)).rejects.toMatchObject({ code: 'read-only' });
  await expect(handlers.sandbox.stop(undefined, call)).rejects.toMatchObject({ code: 'read-only' });
  expect(called).toEqual([]);
});

test('reading passes everywhere and is not written down; unlocking is reading that is', async () => {
  const { handlers, called, written } = guarded('locked', 'readOnly');
  await handlers.host.info(undefined, call);
  await handlers.stack.inspect({ environment, container: 'x' }, call);
  await handlers.environment.unlock({ environment, reason: 'abc', minutes: 1 }, call);
  expect(called).toEqual(['host.info', 'stack.inspect', 'environment.unlock']);
  expect(written).toMatchObject([
    { operation: 'environment.unlock', outcome: 'done', environment, place: 'here~shop' },
  ]);
});

test('what a handler fails with is written down, and passed on', async () => {
  const { handlers, wrap, written } = guarded('open', 'open');
  const failure = new GatehouseError({ code: 'sandbox-failed', message: 'no', remedy: 'yes' });
  const failing = wrap({ ...handlers, sandbox: { ...handlers.sandbox, stop: () => Promise.reject(failure) } });
  await expect(failing.sandbox.stop(undefined, call)).rejects.toBe(failure);
  expect(written).toMatchObject([{ operation: 'sandbox.stop', outcome: 'failed', problem: 'sandbox-failed' }]);
});

test('an operation without a handler is found at once, not at its first call', () => {
  const { wrap } = guarded('open', 'open');
  expect(() => wrap({} as Handlers)).toThrow();
});
