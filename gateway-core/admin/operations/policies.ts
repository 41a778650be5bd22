// Who gets in and how often: the keys that tokens are checked with, and what limits have counted.
import { AdminProblem, defineOperation, type Operation } from '../operation.ts';

const group = 'policies';

export const policyOperations: readonly Operation[] = [
  defineOperation({
    method: 'GET',
    path: '/auth',
    id: 'getAuth',
    group,
    summary: 'Providers of tokens and the state of their keys',
    isUnversionedToo: true,
    answers: {
      200: {
        description: 'One entry a provider',
        schema: { type: 'array', items: { $ref: '#/components/schemas/AuthProvider' } },
      },
    },
    handle: ({ core }) => ({ json: core.revision.auth.status() }),
  }),
  defineOperation({
    method: 'GET',
    path: '/limits',
    id: 'getLimits',
    group,
    summary: 'Limits: where they are counted, what they refused, and who has used most',
    parameters: {
      top: {
        in: 'query',
        description: 'Keys of each policy that are listed; 20 when it is left out.',
        schema: { type: 'integer', minimum: 0, maximum: 1_000 },
      },
    },
    answers: { 200: { description: 'Store, policies and caps', schema: 'Limits' } },
    handle: ({ core, values }) => ({ json: core.limits.view(values.top) }),
  }),
  defineOperation({
    method: 'DELETE',
    path: '/limits/{policy}/keys/{key}',
    id: 'resetLimit',
    group,
    summary: 'Give a key of a policy a whole burst anew',
    parameters: {
      policy: { in: 'path', required: true, description: 'As configured.', schema: { type: 'string', maxLength: 63 } },
      key: {
        in: 'path',
        required: true,
        description: 'As the list of limits writes it, percent-encoded.',
        schema: { type: 'string', maxLength: 1_024 },
      },
    },
    answers: {
      200: { description: 'Where it was reset', schema: 'LimitReset' },
      404: { description: 'There is no such policy', schema: 'Problem' },
    },
    handle: async ({ core, values }) => {
      const reset = await core.limits.reset(values.policy, values.key);
      if (reset) return { json: reset };
      const known = core.revision.config.limits.policies.map(({ name }) => name).join(', ') || 'none';
      throw new AdminProblem(404, 'limit-unknown', {
        detail: `There is no limit policy "${values.policy}"; configured are: ${known}.`,
      });
    },
  }),
];
