import { toLiveness, toReadiness } from '../../server/health.ts';
import { defineOperation, type Operation } from '../operation.ts';

const group = 'health';

export const healthOperations: readonly Operation[] = [
  defineOperation({
    method: 'GET',
    path: '/health',
    id: 'getHealth',
    group,
    summary: 'Whether the gateway is about to end',
    description: 'Always 200 here: whoever operates a gateway that drains still has to reach it. See /health/ready.',
    isUnversionedToo: true,
    answers: { 200: { description: 'ok or draining', schema: 'Health' } },
    handle: ({ core }) => ({ json: toReadiness(core.live).body }),
  }),
  defineOperation({
    method: 'GET',
    path: '/health/live',
    id: 'getLiveness',
    group,
    summary: 'Whether the process lives',
    description: 'As the data port answers at the same path. A gateway that drains is alive.',
    answers: { 200: { description: 'It does', schema: 'Health' } },
    handle: () => {
      const { status, body } = toLiveness();
      return { status, json: body };
    },
  }),
  defineOperation({
    method: 'GET',
    path: '/health/ready',
    id: 'getReadiness',
    group,
    summary: 'Whether new requests should be sent here',
    description: 'As the data port answers at the same path.',
    answers: {
      200: { description: 'They should', schema: 'Health' },
      503: { description: 'It is about to end', schema: 'Health' },
    },
    handle: ({ core }) => {
      const { status, body } = toReadiness(core.live);
      return { status, json: body };
    },
  }),
];
