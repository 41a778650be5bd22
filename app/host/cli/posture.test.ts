import { expect, test } from 'vitest';
import { evaluate } from '../../services/posture/evaluate.ts';
import { closedStack, withPart } from '../../services/posture/test/closedStack.ts';
import { formatPosture, isFailing } from './posture.ts';

test('the answer stands first, then what fails with evidence, remedy and source', () => {
  const posture = evaluate(withPart('orders', { isPrivileged: true }));
  const lines = formatPosture(posture, false).split('\n');
  expect(lines[0]).toBe('Production is not closed: 1 critical');
  expect(lines.slice(3, 7)).toEqual([
    '■ fails  critical  isolation.privileged: No container is privileged',
    '    orders: is privileged: it has every device and capability of the host (inspection of the container)',
    '    do: Take `privileged: true` away; name with `cap_add` or `devices` the one thing that is needed.',
    '    see: CIS Docker Benchmark 1.6.0, 5.5',
  ]);
  expect(lines.join('\n')).not.toContain('● holds');
});

test('with everything, what holds stands there too', () => {
  expect(formatPosture(evaluate(closedStack), true)).toContain('● holds  critical  isolation.privileged');
});

test('names of others do not steer the terminal', () => {
  const posture = evaluate(withPart('orders', { service: 'or\u001b[2Jders', isPrivileged: true }));
  expect(formatPosture(posture, true)).not.toContain('\u001b[2J');
});

test('only what is critical or high makes a command fail', () => {
  expect(isFailing(evaluate(withPart('orders', { restart: 'no' })))).toBe(false);
  expect(isFailing(evaluate(withPart('orders', { isPrivileged: true })))).toBe(true);
});
