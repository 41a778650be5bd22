// An operator's repetition of a request.
import { TOKEN } from '../../headers/fieldSyntax.ts';
import { type ReplayFailure, type ReplayRequest, sendReplay } from '../../replay/sendReplay.ts';
import { AdminProblem, defineOperation, type Operation } from '../operation.ts';

const replaySchema = {
  type: 'object',
  required: ['of', 'method', 'path'],
  additionalProperties: false,
  properties: {
    of: { type: 'string', pattern: '^[A-Za-z0-9._-]{1,128}$', description: 'Id of the exchange that is repeated.' },
    method: { type: 'string', pattern: `^(?!CONNECT$)${TOKEN}$`, maxLength: 32 },
    path: {
      type: 'string',
      pattern: '^/[!-~]*$',
      maxLength: 8_192,
      description: 'With its query, as a client writes it.',
    },
    headers: {
      type: 'array',
      maxItems: 200,
      items: { type: 'array', minItems: 2, maxItems: 2, items: { type: 'string', maxLength: 16_384 } },
      description: 'Pairs of name and value; framing, connection and proxy fields are left out.',
    },
    body: { type: ['string', 'null'], maxLength: 262_144 },
  },
};

const replayProblems: Readonly<Record<ReplayFailure, readonly [status: number, detail: string]>> = {
  'not-listening': [409, 'This gateway has no data port open.'],
  'too-many': [429, 'As many repetitions as may run are on their way; wait for one to end.'],
  unanswered: [502, 'The data port gave no answer within 30 s, or closed the connection; the tap may still show it.'],
};

export const replayOperations: readonly Operation[] = [
  defineOperation({
    method: 'POST',
    path: '/replays',
    id: 'replay',
    group: 'traffic',
    summary: 'Sends a request to the data port once more, marked as a repetition',
    description:
      'It passes every stage as a request of this machine, and its upstream is told by x-gatehouse-replay. Breakers, limits and health see it; the counters of routes and the metrics of requests and tries do not.',
    body: { type: 'application/json', description: 'The request', schema: replaySchema, limitBytes: 1024 * 1024 },
    answers: { 200: { description: 'What came back', schema: 'Replayed' } },
    handle: async ({ core, body }) => {
      const result = await sendReplay(core, {
        headers: [],
        body: null,
        ...(body as Omit<ReplayRequest, 'headers' | 'body'>),
      });
      if (typeof result !== 'string') return { json: result };
      const [status, detail] = replayProblems[result];
      throw new AdminProblem(status, `replay-${result}`, { detail });
    },
  }),
];
