// Where requests go, what would become of one, and what happens to the gateway itself.
import { explainNow } from '../../control/explainNow.ts';
import { buildRouteTable } from '../../routes/routeTable.ts';
import type { ExplainRequest } from '../../stages/explain.ts';
import { streamEvents } from '../eventStream.ts';
import { defineOperation, type Operation } from '../operation.ts';
import { RESUME_PATTERN } from '../resumeToken.ts';

const group = 'routing';

/** A request as explain takes it; the method is GET when it is left out. */
const explainSchema = {
  type: 'object',
  required: ['url'],
  properties: {
    method: { type: 'string', pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$", default: 'GET' },
    url: { type: 'string', minLength: 1, maxLength: 8_192, description: 'An absolute URL, or a path with its query.' },
    headers: {
      type: 'array',
      maxItems: 200,
      items: { type: 'array', minItems: 2, maxItems: 2, items: { type: 'string' } },
      description: 'Pairs of name and value.',
    },
    client: { type: 'string', maxLength: 64, description: "The client's address; loopback when it is left out." },
  },
};

export const routingOperations: readonly Operation[] = [
  defineOperation({
    method: 'GET',
    path: '/routes',
    id: 'getRoutes',
    group,
    summary: 'The routing table in the order in which routes are tried',
    isUnversionedToo: true,
    answers: { 200: { description: 'The table', schema: 'RouteTable' } },
    handle: ({ core }) => ({ json: buildRouteTable(core.revision.config, core.revision.loadedAt) }),
  }),
  defineOperation({
    method: 'POST',
    path: '/explain',
    id: 'explain',
    group,
    summary: 'What would become of a request now: nothing is forwarded, nothing is counted',
    isUnversionedToo: true,
    body: { type: 'application/json', description: 'The request', schema: explainSchema, limitBytes: 256 * 1024 },
    answers: { 200: { description: 'What each stage says', schema: 'Explanation' } },
    handle: async ({ core, body }) => {
      const request: ExplainRequest = { method: 'GET', headers: [], ...(body as Pick<ExplainRequest, 'url'>) };
      return { json: await explainNow(core, request) };
    },
  }),
  defineOperation({
    method: 'GET',
    path: '/events',
    id: 'watchEvents',
    group,
    summary: 'Breakers, replicas, configurations and the drain as they change, one line of JSON each',
    description:
      'Lines are the events with their type, sequence and time, {type: lost, count, why: gone}, {type: restarted} and, every 2 s, {type: heartbeat, resume}. The last 500 events are kept; `after` with the resume of the last heartbeat goes on behind it, without it only what happens from now on is told. A token of another run, 00000000-0 for example, gives all that are kept.',
    parameters: {
      after: { in: 'query', description: 'Where to go on.', schema: { type: 'string', pattern: RESUME_PATTERN } },
    },
    answers: { 200: { description: 'Lines until somebody goes', type: 'application/x-ndjson', schema: 'EventLine' } },
    handle: ({ core, values: { after } }) => ({ stream: (res) => streamEvents(core, res, after) }),
  }),
];
