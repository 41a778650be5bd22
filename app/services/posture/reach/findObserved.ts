// On which pairs of services requests were seen, by everybody who could have seen them.
import type { LiveEnvironment } from '../../environment/liveEnvironment.ts';
import type { Pair } from '../facts/facts.ts';

export interface Seen {
  readonly live: LiveEnvironment;
  /** The gateway's service; null where there is none. */
  readonly gateway: string | null;
}

/** null: it could not look. */
type Observer = (seen: Seen) => readonly Pair[] | null;

/** A source of traces is one more entry: caller and callee of each span whose service is another one than its parent's. */
const observers: readonly Observer[] = [seenByGateway];

/** null where nobody looked: then nothing is known to be unused. */
export function findObserved(seen: Seen): Pair[] | null {
  const answers = observers.map((observe) => observe(seen)).filter((pairs) => pairs !== null);
  return answers.length > 0 ? answers.flat() : null;
}

/** Routes on which requests passed within the window of the gateway's figures. */
function seenByGateway({ live: { metrics, gateway }, gateway: from }: Seen): Pair[] | null {
  const table = gateway.routes.current;
  if (gateway.connection.current.state !== 'live' || !table || from === null) return null;
  const busy = new Set(
    metrics.metrics.current.routes
      .filter(({ requestsPerSecond }) => (requestsPerSecond ?? 0) > 0)
      .map(({ route }) => route),
  );
  const targets = table.routes.filter(({ id, target }) => busy.has(id) && URL.canParse(target));
  return targets.map(({ target }) => ({ from, to: new URL(target).hostname, by: 'gateway' as const }));
}
