// The last minute of the edge's log, for what no course holds: classes, hosts, TLS, and the comparison with the gateway.
import type { EdgeTraffic } from '../../contract/index.ts';
import type { AccessRecord } from './accessLine.ts';
import { type ComparisonFacts, compareEdge } from './compareEdge.ts';

export const windowMs = 60_000;
const recordLimit = 20_000;
const answerLimit = 40_000;
const shownHosts = 20;
/** What the gateway answers for itself never comes to its tap; our own probe asks for it every 10 s. */
const untappedPaths = ['/health', '/health/live', '/health/ready', '/metrics'];
/** Line and event of one request come on two ways; only what both had the time to say is compared. */
const settleMs = 3000;

export interface EdgeWindow {
  addRecord(record: AccessRecord, at: number): void;
  /** A line that is no access line: of the error log, or of somebody else. */
  addOther(text: string, at: number): void;
  /** What the gateway answered. */
  addAnswer(id: string, status: number | null, at: number): void;
  addLost(count: number, at: number): void;
  /** `gatewaySince`: epoch ms since which its tap is read; null: it is not. */
  toView(now: number, gatewaySince: number | null): WindowView;
}

export type WindowView = Pick<
  EdgeTraffic,
  'windowMs' | 'format' | 'missing' | 'clientsLeftShare' | 'tlsShare' | 'classes' | 'hosts' | 'protocols' | 'comparison'
>;

interface Timed<T> {
  readonly at: number;
  readonly value: T;
}

export function createEdgeWindow(): EdgeWindow {
  const records = createRecent<AccessRecord>(recordLimit);
  const answers = createRecent<readonly [id: string, status: number | null]>(answerLimit);
  const handshakes = createRecent<null>(1000);
  const losses = createRecent<number>(1000);
  return {
    addRecord: records.add,
    addOther(text, at) {
      if (/SSL_do_handshake\(\) failed/.test(text)) handshakes.add(null, at);
    },
    addAnswer: (id, status, at) => answers.add([id, status], at),
    addLost: losses.add,
    toView(now, gatewaySince) {
      const kept = records.since(now - windowMs);
      const known = kept.map(({ value }) => value);
      return {
        windowMs: Math.min(windowMs, now - (kept[0]?.at ?? now)),
        ...toShares(known, windowMs / 1000),
        comparison:
          gatewaySince === null
            ? null
            : compareEdge(
                toComparisonFacts({ kept, answers, handshakes, losses }, [
                  Math.max(now - windowMs, gatewaySince + settleMs),
                  now - settleMs,
                ]),
              ),
      };
    },
  };
}

interface Recent<T> {
  add(value: T, at: number): void;
  since(from: number): Timed<T>[];
}

/** Bounded in number and, when it is read, in time. */
function createRecent<T>(limit: number): Recent<T> {
  let kept: Timed<T>[] = [];
  return {
    add(value, at) {
      kept.push({ at, value });
      if (kept.length >= limit * 1.25) kept = kept.slice(-limit);
    },
    since(from) {
      kept = kept.filter(({ at }) => at > from);
      return kept;
    },
  };
}

interface Kept {
  readonly kept: readonly Timed<AccessRecord>[];
  readonly answers: Recent<readonly [string, number | null]>;
  readonly handshakes: Recent<null>;
  readonly losses: Recent<number>;
}

function toComparisonFacts(
  { kept, answers, handshakes, losses }: Kept,
  [from, until]: readonly [number, number],
): ComparisonFacts {
  return {
    records: kept
      .filter(({ at, value }) => at > from && at <= until && !untappedPaths.includes(value.path))
      .map(({ value }) => value),
    // A long request is at the gateway long before its line is written.
    answered: new Map(answers.since(from - 2 * windowMs).map(({ value }) => value)),
    failedHandshakes: handshakes.since(from).length,
    lost: losses.since(from).reduce((sum, { value }) => sum + value, 0),
  };
}

function toShares(records: readonly AccessRecord[], seconds: number): Omit<WindowView, 'comparison' | 'windowMs'> {
  const classes = { '1xx': 0, '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0 };
  for (const { status } of records) {
    const name = `${Math.floor(status / 100)}xx` as keyof typeof classes;
    if (name in classes) classes[name] += 1;
  }
  const share = (isCounted: (record: AccessRecord) => boolean, of: readonly AccessRecord[] = records) =>
    of.length === 0 ? null : of.filter(isCounted).length / of.length;
  const withProtocol = records.filter(({ protocol }) => protocol !== null);
  return {
    format: records.at(-1)?.format ?? 'none',
    missing: findMissing(records),
    classes,
    clientsLeftShare: share(({ status }) => status === 499),
    tlsShare: share(({ protocol }) => protocol !== 'plain', withProtocol),
    hosts: countBy(records, ({ host }) => host, seconds),
    protocols: countBy(records, ({ protocol }) => protocol, seconds),
  };
}

function countBy(
  records: readonly AccessRecord[],
  nameOf: (record: AccessRecord) => string | null,
  seconds: number,
): EdgeTraffic['hosts'] {
  const counts = new Map<string, { all: number; errors: number }>();
  for (const record of records) {
    const name = nameOf(record);
    if (name === null) continue;
    const known = counts.get(name) ?? { all: 0, errors: 0 };
    counts.set(name, known);
    known.all += 1;
    if (record.status >= 500) known.errors += 1;
  }
  return [...counts]
    .toSorted(([, a], [, b]) => b.all - a.all)
    .slice(0, shownHosts)
    .map(([name, { all, errors }]) => ({ name, requestsPerSecond: all / seconds, errorShare: errors / all }));
}

/** A field that no line of the window has. */
function findMissing(records: readonly AccessRecord[]): string[] {
  if (records.length === 0) return [];
  const lacks = (read: (record: AccessRecord) => unknown) => records.every((record) => read(record) === null);
  return [
    lacks(({ ms }) => ms) ? 'The log has no $request_time: latency is not known.' : null,
    lacks(({ requestId }) => requestId)
      ? 'The log has no $request_id: requests cannot be found again at the gateway.'
      : null,
    lacks(({ wentUpstream }) => wentUpstream)
      ? 'The log has no $upstream_addr: what nginx answered itself is not told apart.'
      : null,
    lacks(({ host }) => host) ? 'The log has no $host: sites are not told apart.' : null,
    lacks(({ protocol }) => protocol) ? 'The log has no $ssl_protocol: TLS is not known.' : null,
  ].filter((sentence) => sentence !== null);
}
