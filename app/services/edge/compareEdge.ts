// What clients got at the edge beside what the gateway answered, request by request. Pure: a table of counts and one verdict.
import type { Comparison } from '../../contract/index.ts';
import { toCount, toPercent } from '../environment/words.ts';
import type { AccessRecord } from './accessLine.ts';

export interface ComparisonFacts {
  /** Of the time that both have seen. */
  readonly records: readonly AccessRecord[];
  /** By the id of the request: what the gateway answered; null: the caller went away before. */
  readonly answered: ReadonlyMap<string, number | null>;
  /** Handshakes that the edge says have failed: they have no line in the access log. */
  readonly failedHandshakes: number;
  /** Events of the gateway's tap that were lost meanwhile. */
  readonly lost: number;
}

type Counts = Omit<Comparison, 'verdict' | 'sentence'>;
type Place = Exclude<keyof Counts, 'edge'>;

/** Below this share it is an accident, not how the edge is. */
const leastShare = 0.01;
const clientLeft = 499;
/** nginx's own: a request to the TLS port without TLS, and certificates of clients that it does not take. */
const tlsStatuses = [494, 495, 496, 497];

export function compareEdge({ records, answered, failedHandshakes, lost }: ComparisonFacts): Comparison {
  const counts: Counts = {
    edge: records.length,
    matched: 0,
    differ: 0,
    refusedByLimits: 0,
    gatewayUnreachable: 0,
    tlsFailures: failedHandshakes,
    clientsLeft: 0,
    answeredByEdge: 0,
    notSeen: 0,
  };
  for (const record of records) for (const place of toPlaces(record, answered)) counts[place] += 1;
  return { ...judge(counts, lost), ...counts };
}

function toPlaces(record: AccessRecord, answered: ComparisonFacts['answered']): Place[] {
  const { requestId, status } = record;
  const found = requestId === null ? undefined : answered.get(requestId);
  if (found !== undefined) {
    if (status === clientLeft || found === null) return ['matched', 'clientsLeft'];
    return found === status ? ['matched'] : ['matched', 'differ'];
  }
  return [toReason(record)];
}

/** Why a request never came to the gateway, as the edge's own line has it. */
function toReason({ status, isLimited, path, wentUpstream }: AccessRecord): Place {
  if (isLimited || status === 429) return 'refusedByLimits';
  if (status === clientLeft) return 'clientsLeft';
  if (tlsStatuses.includes(status) || (status === 400 && path === '')) return 'tlsFailures';
  if (status >= 502 && status <= 504) return 'gatewayUnreachable';
  return wentUpstream === false ? 'answeredByEdge' : 'notSeen';
}

type Said = (counts: Counts, lost: number) => string;

/** The gravest first. */
const rules: readonly [verdict: Comparison['verdict'], place: Place, say: Said][] = [
  [
    'gateway-unreachable',
    'gatewayUnreachable',
    ({ gatewayUnreachable, edge }) => `The edge reaches no gateway for ${ofAll(gatewayUnreachable, edge)}.`,
  ],
  [
    'tls-fails',
    'tlsFailures',
    ({ tlsFailures }) => `${toCount(tlsFailures, 'connection')} failed in TLS before there was a request.`,
  ],
  [
    'edge-refuses',
    'refusedByLimits',
    ({ refusedByLimits, edge }) => `The edge's own limits refuse ${ofAll(refusedByLimits, edge)}.`,
  ],
  [
    'answers-differ',
    'differ',
    ({ differ, matched }) => `Clients got another status than the gateway answered for ${ofAll(differ, matched)}.`,
  ],
  [
    'gateway-not-seen',
    'notSeen',
    ({ notSeen, edge }, lost) =>
      `The gateway's tap does not have ${ofAll(notSeen, edge)}${lost > 0 ? `, and lost ${toCount(lost, 'event')}` : ''}.`,
  ],
  [
    'clients-leave',
    'clientsLeft',
    ({ clientsLeft, edge }) => `Clients gave up before an answer for ${ofAll(clientsLeft, edge)} (499).`,
  ],
];

function judge(counts: Counts, lost: number): Pick<Comparison, 'verdict' | 'sentence'> {
  const { edge, tlsFailures, matched, answeredByEdge } = counts;
  if (edge + tlsFailures === 0) return { verdict: 'nothing-to-compare', sentence: 'No request came in this time.' };
  for (const [verdict, place, say] of rules) {
    if (counts[place] > 0 && counts[place] >= leastShare * Math.max(1, edge))
      return { verdict, sentence: say(counts, lost) };
  }
  if (matched === 0)
    return { verdict: 'nothing-to-compare', sentence: 'No request of this time was meant for the gateway.' };
  const own = answeredByEdge > 0 ? `; ${toCount(answeredByEdge, 'other')} the edge answered itself` : '';
  return { verdict: 'same', sentence: `Clients got what the gateway answered: ${toCount(matched, 'request')}${own}.` };
}

const ofAll = (part: number, all: number) =>
  `${part} of ${toCount(all, 'request')} (${toPercent(all === 0 ? 0 : part / all)})`;
