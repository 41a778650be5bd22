import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AccessRecord } from './accessLine.ts';
import { compareEdge } from './compareEdge.ts';

const record = (given: Partial<AccessRecord> = {}): AccessRecord => ({
  format: 'json',
  requestId: 'a',
  path: '/a',
  status: 200,
  ms: 1,
  upstreamMs: 1,
  upstreamStatus: 200,
  wentUpstream: true,
  isLimited: false,
  host: null,
  protocol: 'plain',
  ...given,
});
const compare = (records: AccessRecord[], answered: [string, number | null][] = [], more = {}) =>
  compareEdge({ records, answered: new Map(answered), failedHandshakes: 0, lost: 0, ...more });
const unmatched = (given: Partial<AccessRecord>) => record({ requestId: 'never', ...given });

test.each([
  ['nothing came in', [], [], 'nothing-to-compare', {}],
  ['the same', [record()], [['a', 200]], 'same', { matched: 1, differ: 0 }],
  ['another status', [record({ status: 502 })], [['a', 200]], 'answers-differ', { matched: 1, differ: 1 }],
  [
    'the client left while the gateway answered',
    [record({ status: 499 })],
    [['a', 200]],
    'clients-leave',
    { clientsLeft: 1, differ: 0 },
  ],
  [
    'refused by a limit of the edge',
    [unmatched({ status: 429, isLimited: true })],
    [],
    'edge-refuses',
    { refusedByLimits: 1 },
  ],
  ['a 429 that the gateway gave', [record({ status: 429 })], [['a', 429]], 'same', { refusedByLimits: 0 }],
  ['no gateway', [unmatched({ status: 502 })], [], 'gateway-unreachable', { gatewayUnreachable: 1 }],
  ['a 502 that the gateway gave', [record({ status: 502 })], [['a', 502]], 'same', { gatewayUnreachable: 0 }],
  ['no request on the TLS port', [unmatched({ status: 400, path: '' })], [], 'tls-fails', { tlsFailures: 1 }],
  ['a file of the edge', [unmatched({ wentUpstream: false })], [], 'nothing-to-compare', { answeredByEdge: 1 }],
  ['not at the tap', [unmatched({})], [], 'gateway-not-seen', { notSeen: 1 }],
  ['without an id', [record({ requestId: null })], [['a', 200]], 'gateway-not-seen', { notSeen: 1 }],
] as const)('%s', (_, records, answered, verdict, counts) => {
  expect(
    compare(
      [...records],
      answered.map(([id, status]) => [id, status]),
    ),
  ).toMatchObject({ verdict, ...counts });
});

test('a failed handshake has no line, and is said all the same', () => {
  expect(compare([], [], { failedHandshakes: 3 })).toMatchObject({ verdict: 'tls-fails', tlsFailures: 3 });
});

test('the gravest reason is the verdict, and one in a hundred is the least that counts', () => {
  const fine = Array.from({ length: 99 }, (_, at) => record({ requestId: `f${at}` }));
  const answered = fine.map(({ requestId }): [string, number] => [requestId ?? '', 200]);
  expect(compare([...fine, unmatched({ status: 502 })], answered).verdict).toBe('gateway-unreachable');
  expect(
    compare([...fine, record({ requestId: 'f99' }), unmatched({ status: 502 })], [...answered, ['f99', 200]]).verdict,
  ).toBe('same');
  expect(compare([unmatched({ status: 429 }), unmatched({ status: 502 })]).verdict).toBe('gateway-unreachable');
});

test('every request is counted in one place', () => {
  const statuses = fc.constantFrom(200, 400, 429, 495, 499, 500, 502, 504);
  const records = fc.array(
    fc.record({
      requestId: fc.constantFrom('a', 'b', 'c', null),
      status: statuses,
      wentUpstream: fc.constantFrom(true, false, null),
    }),
    { maxLength: 50 },
  );
  fc.assert(
    fc.property(
      records,
      fc.constantFrom<[string, number | null][]>(
        [],
        [['a', 200]],
        [
          ['a', null],
          ['b', 502],
        ],
      ),
      (given, answered) => {
        const {
          edge,
          matched,
          refusedByLimits,
          gatewayUnreachable,
          tlsFailures,
          clientsLeft,
          answeredByEdge,
          notSeen,
          ...rest
        } = compare(given.map(record), answered);
        const left = given.filter(({ requestId, status }) => {
          const found = answered.find(([id]) => id === requestId);
          return found !== undefined && (found[1] === null || status === 499);
        }).length;
        expect(edge).toBe(given.length);
        expect(rest.differ).toBeLessThanOrEqual(matched);
        expect(
          matched +
            refusedByLimits +
            gatewayUnreachable +
            tlsFailures +
            (clientsLeft - left) +
            answeredByEdge +
            notSeen,
        ).toBe(edge);
      },
    ),
  );
});
