import { expect, test } from 'vitest';
import { parsePortOfService } from './forward.ts';

test('a service and its port', () => {
  expect(parsePortOfService('rabbitmq:15672')).toEqual({ service: 'rabbitmq', port: 15_672 });
});

test.each([undefined, '', 'rabbitmq', ':80', 'rabbitmq:', 'rabbitmq:0', 'rabbitmq:65536', 'a:b:80', 'a b:80'])(
  '%j is wrong use, and an example is told',
  (text) => {
    expect(() => parsePortOfService(text)).toThrow(/write SERVICE:PORT, for example rabbitmq:15672/);
  },
);
