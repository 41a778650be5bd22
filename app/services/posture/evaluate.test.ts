import fc from 'fast-check';
import { expect, test } from 'vitest';
import { severities } from '../../contract/index.ts';
import { evaluate, noWaivers } from './evaluate.ts';
import type { Part, PostureFacts } from './facts/facts.ts';
import { closedStack, published, withPart } from './test/closedStack.ts';
import type { Waiver } from './waivers/waivers.ts';

const waiver = (given: Partial<Waiver> = {}): Waiver => ({
  rule: 'runtime.restart',
  subject: 'orders',
  reason: 'an operator starts it by hand',
  expires: '2026-12-31',
  place: 'gatehouse.waivers.yaml:2:5',
  ...given,
});
const stopped = withPart('orders', { restart: 'no' });
const judge = (facts: PostureFacts, waivers: Waiver[] = []) => {
  const posture = evaluate(facts, { ...noWaivers, file: 'gatehouse.waivers.yaml', waivers });
  const find = (id: string) => {
    const rule = posture.rules.find((one) => one.id === id);
    if (!rule) throw new Error(`no rule ${id}`);
    return rule;
  };
  return { posture, find };
};

test('what is waived stands apart with its reason, and what passes is gathered', () => {
  const { find, posture } = judge(stopped, [waiver()]);
  expect(find('runtime.restart')).toMatchObject({
    status: 'waived',
    evidence: [
      {
        subjects: ['orders'],
        status: 'waived',
        waiver: { reason: 'an operator starts it by hand', expires: '2026-12-31' },
      },
      { status: 'pass', subjects: expect.arrayContaining(['nginx', 'api']), waiver: null },
    ],
  });
  expect(posture.verdict.headline).toBe('Production is closed');
  expect(posture.waivers.notes).toEqual([]);
});

test('a waiver of one subject does not waive another one', () => {
  const both = withPart('finder', { restart: 'no' }, stopped);
  expect(judge(both, [waiver()]).find('runtime.restart').status).toBe('fail');
});

test('an expired waiver counts no more, and is said', () => {
  const { find, posture } = judge(stopped, [waiver({ expires: '2026-11-27' })]);
  expect(find('runtime.restart').status).toBe('fail');
  expect(posture.waivers.notes).toEqual([
    'gatehouse.waivers.yaml:2:5: the waiver of runtime.restart for orders expired on 2026-11-27 and counts no more',
  ]);
});

test('a waiver that nothing needs is said', () => {
  expect(judge(closedStack, [waiver()]).posture.waivers.notes[0]).toMatch(/is not needed: nothing fails there$/);
});

test('what is unknown is not waived', () => {
  const facts: PostureFacts = { ...closedStack, edge: { state: 'unknown', why: 'not asked' } };
  expect(judge(facts, [waiver({ rule: 'tls.versions', subject: 'edge' })]).find('tls.versions').status).toBe('unknown');
});

test('what only an engine enforces is unknown in the sandbox, and still fails where it fails', () => {
  const { find } = judge({ ...stopped, engine: { isSandbox: true } });
  expect(find('network.internal')).toMatchObject({ status: 'unknown' });
  expect(find('network.internal').evidence[0]?.seen).toContain('the sandbox does not enforce it');
  expect(find('isolation.read-only').status).toBe('unknown');
  const open = { ...withPart('rabbitmq', { networks: ['shop_back', 'shop_watch'] }), engine: { isSandbox: true } };
  expect(judge(open).find('reach.monitored-store').status).toBe('fail');
});

test('development is not asked what is asked of production', () => {
  const { posture, find } = judge({ ...withPart('nginx', { ports: [published(8088, '127.0.0.1', 80)] }), mode: 'dev' });
  expect(find('network.internal').status).toBe('notApplicable');
  expect(find('isolation.privileged').status).toBe('pass');
  expect(posture.verdict).toMatchObject({ level: 'ok', headline: 'Development is as closed as development has to be' });
});

test.each<[string, PostureFacts, string, string]>([
  ['a critical failure', withPart('orders', { isPrivileged: true }), 'down', 'Production is not closed: 1 critical'],
  ['a lesser one', stopped, 'degraded', 'Production is closed; 1 medium to mend'],
  [
    'a grave one that was not checked',
    { ...closedStack, edge: { state: 'unknown', why: 'not asked' } },
    'unknown',
    'Production is closed as far as is known: 4 high could not be checked',
  ],
  [
    'nothing at all',
    { ...closedStack, parts: [], networks: [], gateway: { state: 'absent' }, edge: { state: 'absent' } },
    'unknown',
    'Whether production is closed is not known: nothing is there to judge',
  ],
])('the sentence for %s', (_what, facts, level, headline) => {
  expect(judge(facts).posture.verdict).toMatchObject({ level, headline });
});

test('what fails stands first, the critical ones before all', () => {
  const open = withPart(
    'orders',
    { isPrivileged: true, restart: 'no', health: 'absent' },
    withPart('postgres', { ports: [published(5432)] }),
  );
  const failing = judge(open).posture.rules.filter(({ status }) => status === 'fail');
  expect(judge(open).posture.rules.slice(0, failing.length)).toEqual(failing);
  expect(failing.map(({ severity }) => severity)).toEqual(['critical', 'critical', 'medium', 'medium']);
});

test('the status of a rule is the worst of its evidence, whatever is opened and waived', () => {
  const services = closedStack.parts.map(({ service }) => service);
  const opening = fc.record({
    service: fc.constantFrom(...services),
    change: fc.constantFrom<Partial<Part>>(
      { restart: 'no' },
      { isPrivileged: true },
      { health: 'absent' },
      { ports: [published(1234)] },
    ),
  });
  fc.assert(
    fc.property(
      fc.array(opening, { maxLength: 6 }),
      fc.array(fc.constantFrom(...services)),
      fc.boolean(),
      (openings, waived, isSandbox) => {
        const start: PostureFacts = { ...closedStack, engine: { isSandbox } };
        const opened = openings.reduce((facts, { service, change }) => withPart(service, change, facts), start);
        const { posture } = judge(
          opened,
          waived.map((subject) => waiver({ subject })),
        );
        for (const { status, evidence } of posture.rules) {
          const order = ['fail', 'unknown', 'waived', 'pass', 'notApplicable'];
          const worst = Math.min(...evidence.map((one) => order.indexOf(one.status)));
          expect(status).toBe(order[worst]);
          for (const one of evidence) expect(one.waiver !== null).toBe(one.status === 'waived');
        }
        for (const severity of severities) {
          expect(posture.failing[severity]).toBe(
            posture.rules.filter((one) => one.status === 'fail' && one.severity === severity).length,
          );
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('no secret is repeated: neither in evidence nor anywhere else', () => {
  const secret = 'kX9vQ2mW7pLrkX9v';
  const leaky = withPart('orders', ({ environment }) => ({
    environment: [
      ...environment,
      { name: 'API_TOKEN', value: secret },
      { name: 'CACHE_URL', value: `redis://:${secret}@cache` },
    ],
    command: ['serve', '--password', secret],
  }));
  expect(JSON.stringify(judge(leaky).posture)).not.toContain(secret);
});
